/* Where the selection changes: by the algorithms' formulas, as in the library, and by simulation. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "sweep.h"

static int chosen(const struct sim_sweep *sweep, const struct sim_cell *cell, bool simulated)
{
    return simulated ? sim_sweep_quickest(sweep, cell) : cell->choice;
}

/* "doubling, ring from 65536 bytes". */
static void describe(const struct sim_sweep *sweep, int ranks, bool simulated, char *text, size_t room)
{
    int before = -1;
    size_t len = 0;
    *text = '\0';
    for (int k = 0; k < sweep->options->bytes.count && len < room; k++) {
        const struct sim_cell *cell = sim_sweep_cell(sweep, ranks, k);
        int now = chosen(sweep, cell, simulated);
        if (now == before || now < 0) {
            continue;
        }
        const char *name = sweep->algorithms[now]->name;
        if (len == 0) {
            len += (size_t)snprintf(text, room, "%s", name);
        } else {
            len += (size_t)snprintf(text + len, room - len, ", %s from %lld bytes", name, (long long)cell->bytes);
        }
        before = now;
    }
}

static void print_difference(const struct sim_sweep *sweep, const struct sim_cell *cell, struct table *table)
{
    char key[80];
    int choice = cell->choice, quickest = sim_sweep_quickest(sweep, cell);
    if (choice < 0 || quickest < 0 || cell->answers[choice].outcome != SIM_DONE ||
        cell->answers[choice].result.last <= cell->answers[quickest].result.last) {
        return;
    }
    const struct sim_answer *a = &cell->answers[choice], *b = &cell->answers[quickest];
    snprintf(key, sizeof key, "differ at %d ranks, %lld bytes", cell->ranks, (long long)cell->bytes);
    table_fact(table, key, "%s %.3f us (formula %.3f), %s %.3f us (formula %.3f): %.2f times as long",
               sweep->algorithms[choice]->name, a->result.last * 1e6, a->formula * 1e6,
               sweep->algorithms[quickest]->name, b->result.last * 1e6, b->formula * 1e6,
               a->result.last / b->result.last);
}

/* What holds for one number of ranks, or for several in a row. */
struct choices {
    char taken[300], quickest[300];
};

static struct choices choices_at(const struct sim_sweep *sweep, int ranks)
{
    struct choices choices;
    describe(sweep, ranks, false, choices.taken, sizeof choices.taken);
    describe(sweep, ranks, true, choices.quickest, sizeof choices.quickest);
    return choices;
}

static void print_choices(const struct sim_sweep *sweep, int first, int last, struct table *table)
{
    char key[80];
    const struct choices choices = choices_at(sweep, first);
    int from = sim_sweep_cell(sweep, first, 0)->ranks, to = sim_sweep_cell(sweep, last, 0)->ranks;
    if (from == to) {
        snprintf(key, sizeof key, "choice, %d ranks", from);
    } else {
        snprintf(key, sizeof key, "choice, %d to %d ranks", from, to);
    }
    table_fact(table, key, "by formula %s; by simulation %s", choices.taken, choices.quickest);
}

void sim_choice_print(const struct sim_sweep *sweep, struct table *table)
{
    int count = sweep->options->ranks.count, first = 0;
    for (int i = 1; i <= count; i++) {
        const struct choices before = choices_at(sweep, first);
        const struct choices now = choices_at(sweep, TRI_MIN(i, count - 1));
        if (i == count || strcmp(before.taken, now.taken) || strcmp(before.quickest, now.quickest)) {
            print_choices(sweep, first, i - 1, table);
            first = i;
        }
    }
    for (int i = 0; i < count * sweep->options->bytes.count; i++) {
        print_difference(sweep, &sweep->cells[i], table);
    }
}
