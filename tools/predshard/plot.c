// SPDX-License-Identifier: GPL-2.0
/*
 * plot: drawing by printing.
 *
 * Both pictures share one scale from 0 to the highest of what is shown. Of the
 * history as many steps are shown as make four parts to one of forecast, at
 * most 240.
 */
#include <math.h>

#include "plot.h"

#define WIDTH		960
#define HEIGHT		320
#define SHOWN_MOST	240
#define TEXT_WIDTH	60

struct view {
	const double *value; /* the history that is shown */
	size_t shown;
	const struct prediction *ahead;
	unsigned int nr;
	double high;
};

static struct view look(const struct history *history,
			const struct prediction *ahead, unsigned int nr)
{
	struct view view = { .ahead = ahead, .nr = nr };
	size_t i;

	view.shown = 4 * (size_t)nr < SHOWN_MOST ? 4 * (size_t)nr : SHOWN_MOST;
	if (view.shown > history->nr)
		view.shown = history->nr;
	view.value = history->value + history->nr - view.shown;
	for (i = 0; i < view.shown; i++)
		view.high = fmax(view.high, view.value[i]);
	for (i = 0; i < nr; i++)
		view.high = fmax(view.high, ahead[i].p90);
	if (!(view.high > 0))
		view.high = 1;
	return view;
}

static double x_of(const struct view *view, size_t i)
{
	return WIDTH * (i + .5) / (view->shown + view->nr);
}

static double y_of(const struct view *view, double value)
{
	return HEIGHT - (HEIGHT - 10) * value / view->high;
}

static void draw_band(FILE *out, const struct view *view)
{
	unsigned int i;

	fputs("<polygon fill=\"#9ecae1\" points=\"", out);
	for (i = 0; i < view->nr; i++)
		fprintf(out, "%.1f,%.1f ", x_of(view, view->shown + i),
			y_of(view, view->ahead[i].p90));
	for (i = view->nr; i--;)
		fprintf(out, "%.1f,%.1f ", x_of(view, view->shown + i),
			y_of(view, view->ahead[i].p10));
	fputs("\"/>\n", out);
}

static void draw_lines(FILE *out, const struct view *view)
{
	size_t i;

	fputs("<polyline fill=\"none\" stroke=\"#444\" points=\"", out);
	for (i = 0; i < view->shown; i++)
		fprintf(out, "%.1f,%.1f ", x_of(view, i),
			y_of(view, view->value[i]));
	fputs("\"/>\n<polyline fill=\"none\" stroke=\"#08519c\" points=\"",
	      out);
	for (i = 0; i < view->nr; i++)
		fprintf(out, "%.1f,%.1f ", x_of(view, view->shown + i),
			y_of(view, view->ahead[i].p50));
	fputs("\"/>\n", out);
}

void plot_svg(FILE *out, const struct history *history,
	      const struct prediction *ahead, unsigned int nr)
{
	struct view view = look(history, ahead, nr);

	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		WIDTH, HEIGHT + 20);
	draw_band(out, &view);
	draw_lines(out, &view);
	fprintf(out,
		"<text x=\"4\" y=\"%d\">%zu steps of %ld s, then %u ahead: p50, and p10 to p90; top is %.4g</text>\n</svg>\n",
		HEIGHT + 15, view.shown, history->step_s, nr, view.high);
}

static int column(const struct view *view, double value)
{
	return (int)(value / view->high * (TEXT_WIDTH - 1));
}

static void print_row(FILE *out, const char *label, const char *bar,
		      double value)
{
	fprintf(out, "%6s |%s| %.4g\n", label, bar, value);
}

void plot_text(FILE *out, const struct history *history,
	       const struct prediction *ahead, unsigned int nr)
{
	struct view view = look(history, ahead, nr);
	char bar[TEXT_WIDTH + 1], label[24];
	size_t i;
	int at;

	bar[TEXT_WIDTH] = '\0';
	for (i = 0; i < view.shown; i++) {
		for (at = 0; at < TEXT_WIDTH; at++)
			bar[at] = at <= column(&view, view.value[i]) ? '#' :
								       ' ';
		snprintf(label, sizeof(label), "-%zu", view.shown - i);
		print_row(out, label, bar, view.value[i]);
	}
	for (i = 0; i < nr; i++) {
		for (at = 0; at < TEXT_WIDTH; at++)
			bar[at] = at < column(&view, ahead[i].p10) ||
						  at > column(&view,
							      ahead[i].p90) ?
					  ' ' :
					  '-';
		bar[column(&view, ahead[i].p50)] = '*';
		snprintf(label, sizeof(label), "+%zu", i + 1);
		print_row(out, label, bar, ahead[i].p50);
	}
}
