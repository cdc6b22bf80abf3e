/* A drawing of a sweep: times over ranks, or over sizes, both on logarithmic axes. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "standin.h"
#include "sweep.h"

enum { WIDTH = 900, HEIGHT = 560, LEFT = 80, RIGHT = 190, TOP = 40, BOTTOM = 60 };

/* Told apart by those who do not see red and green, too (Okabe, Ito). */
static const char *const colors[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"};

struct drawing {
    FILE *file;
    const struct sim_sweep *sweep;
    bool
        over_ranks; /* one size: x is the number of ranks; otherwise x is the size, one line for each number of ranks */
    double x_low, x_high, y_low, y_high; /* log10 of the ends */
};

static int points(const struct drawing *d)
{
    return d->over_ranks ? d->sweep->options->ranks.count : d->sweep->options->bytes.count;
}

static int lines(const struct drawing *d)
{
    return d->over_ranks ? 1 : d->sweep->options->ranks.count;
}

static const struct sim_cell *cell_at(const struct drawing *d, int line, int point)
{
    return d->over_ranks ? sim_sweep_cell(d->sweep, point, 0) : sim_sweep_cell(d->sweep, line, point);
}

static double x_of(const struct drawing *d, const struct sim_cell *cell)
{
    return log10(fmax(d->over_ranks ? cell->ranks : (double)cell->bytes, 1));
}

static double across(const struct drawing *d, double x)
{
    return LEFT + (x - d->x_low) / (d->x_high - d->x_low) * (WIDTH - LEFT - RIGHT);
}

static double down(const struct drawing *d, double y)
{
    return HEIGHT - BOTTOM - (y - d->y_low) / (d->y_high - d->y_low) * (HEIGHT - TOP - BOTTOM);
}

/* log10 of microseconds; NAN: nothing to draw. */
static double y_of(const struct sim_answer *answer)
{
    return answer->outcome == SIM_DONE && answer->result.last > 0 ? log10(answer->result.last * 1e6) : NAN;
}

static void find_ends(struct drawing *d)
{
    d->x_low = d->y_low = INFINITY;
    d->x_high = d->y_high = -INFINITY;
    for (int i = 0; i < lines(d) * points(d) * d->sweep->algorithm_count; i++) {
        int algorithm = i % d->sweep->algorithm_count, place = i / d->sweep->algorithm_count;
        const struct sim_cell *cell = cell_at(d, place / points(d), place % points(d));
        double y = y_of(&cell->answers[algorithm]);
        d->x_low = fmin(d->x_low, x_of(d, cell));
        d->x_high = fmax(d->x_high, x_of(d, cell));
        d->y_low = isnan(y) ? d->y_low : fmin(d->y_low, floor(y));
        d->y_high = isnan(y) ? d->y_high : fmax(d->y_high, ceil(y));
    }
    if (d->y_low > d->y_high) {
        d->y_low = 0;
    }
    d->x_high = fmax(d->x_high, d->x_low + 0.1);
    d->y_high = fmax(d->y_high, d->y_low + 1);
}

/* 1024: "1 Ki"; powers of two are what both axes are about. */
static void name_power(char *text, size_t room, int power)
{
    static const char *const units[] = {"", " Ki", " Mi", " Gi", " Ti"};
    snprintf(text, room, "%d%s", 1 << power % 10, power / 10 < 5 ? units[power / 10] : "?");
}

static void draw_axes(const struct drawing *d)
{
    for (int y = (int)d->y_low; y <= (int)d->y_high; y++) {
        fprintf(d->file, "<path d='M%d %.1fH%d' stroke='#ddd'/><text x='%d' y='%.1f' text-anchor='end'>%g</text>\n",
                LEFT, down(d, y), WIDTH - RIGHT, LEFT - 8, down(d, y) + 4, pow(10, y));
    }
    int low = (int)ceil(d->x_low / log10(2) - 1e-9), high = (int)floor(d->x_high / log10(2) + 1e-9);
    for (int power = low; power <= high; power += high - low > 12 ? 2 : 1) {
        char name[20];
        double x = across(d, power * log10(2));
        name_power(name, sizeof name, power);
        fprintf(d->file, "<path d='M%.1f %dV%d' stroke='#ddd'/><text x='%.1f' y='%d' text-anchor='middle'>%s</text>\n",
                x, TOP, HEIGHT - BOTTOM, x, HEIGHT - BOTTOM + 18, name);
    }
    fprintf(d->file, "<text x='%d' y='%d' text-anchor='middle'>%s</text>\n", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14,
            d->over_ranks ? "ranks" : "bytes");
    fprintf(d->file, "<text x='%d' y='24'>%s, microseconds", LEFT, tri_collective_names[d->sweep->options->operation]);
    if (d->over_ranks && d->sweep->options->operation != TRI_BARRIER) {
        fprintf(d->file, ", %.0f bytes", d->sweep->options->bytes.value[0]);
    }
    fputs("</text>\n", d->file);
}

/* One algorithm's times for one number of ranks (or all); its name stands at the last of them. */
static void draw_line(const struct drawing *d, int algorithm, int line)
{
    const char *color = colors[(size_t)algorithm % TRI_COUNT_OF(colors)];
    double x = NAN, y = NAN;
    int ranks = 0;
    fputs("<polyline fill='none' stroke-width='1.6' points='", d->file);
    for (int point = 0; point < points(d); point++) {
        const struct sim_cell *cell = cell_at(d, line, point);
        double value = y_of(&cell->answers[algorithm]);
        if (!isnan(value)) {
            x = across(d, x_of(d, cell));
            y = down(d, value);
            ranks = cell->ranks;
            fprintf(d->file, "%.1f,%.1f ", x, y);
        }
    }
    fprintf(d->file, "' stroke='%s'/>\n", color);
    if (isnan(x)) {
        return;
    }
    fprintf(d->file, "<circle cx='%.1f' cy='%.1f' r='2.5' fill='%s'/>", x, y, color);
    fprintf(d->file, "<text x='%.1f' y='%.1f' fill='%s'>%s", x + 6, y + 4, color,
            d->sweep->algorithms[algorithm]->name);
    if (!d->over_ranks) {
        fprintf(d->file, ", %d ranks", ranks);
    }
    fputs("</text>\n", d->file);
}

void sim_plot(const struct sim_sweep *sweep, const char *path)
{
    struct drawing d = {.sweep = sweep, .over_ranks = sweep->options->bytes.count == 1};
    d.file = fopen(path, "w");
    if (!d.file) {
        sim_die(SIM_EXIT_FAILED, "%s can not be written: %s", path, strerror(errno));
    }
    find_ends(&d);
    fprintf(d.file,
            "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>\n"
            "<rect width='100%%' height='100%%' fill='white'/>\n",
            WIDTH, HEIGHT);
    draw_axes(&d);
    for (int i = 0; i < sweep->algorithm_count * lines(&d); i++) {
        draw_line(&d, i % sweep->algorithm_count, i / sweep->algorithm_count);
    }
    fputs("</svg>\n", d.file);
    bool failed = ferror(d.file);
    if (fclose(d.file) || failed) {
        sim_die(SIM_EXIT_FAILED, "%s can not be written", path);
    }
}
