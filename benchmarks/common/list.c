/* Lists of numbers from the command line: "8,64K,1M" and "1..4M". */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reads one number with its suffix; advances *text past it. NAN when there is none. */
static double read_number(const char **text)
{
    static const char suffixes[] = "KMG";
    char *end;
    double value = strtod(*text, &end);

    if (end == *text || !isfinite(value) || value < 0)
        return NAN;
    /* "1..4" was read as "1." and ".4"; give the dot back to the range. */
    if (end[-1] == '.' && *end == '.')
        end--;
    const char *suffix = *end ? strchr(suffixes, *end) : NULL;
    if (suffix) {
        value = ldexp(value, 10 * (int)(suffix - suffixes + 1));
        end++;
        if (strncmp(end, "iB", 2) == 0)
            end += 2;
    }
    *text = end;
    return value;
}

static bool add(struct list *list, double value)
{
    if (list->count == LIST_MAX)
        return false;
    list->value[list->count++] = value;
    return true;
}

static bool add_range(struct list *list, double from, double to)
{
    for (double value = from; value <= to; value = value < 1 ? 1 : value * 2)
        if (!add(list, value))
            return false;
    return true;
}

const char *list_parse(const char *text, struct list *list)
{
    list->count = 0;
    for (;;) {
        double from = read_number(&text);
        double to = from;

        if (isnan(from))
            return "a number was expected (such as 8, 64K or 1..4M)";
        if (strncmp(text, "..", 2) == 0) {
            text += 2;
            to = read_number(&text);
            if (isnan(to) || to < from)
                return "a range needs a second number that is not smaller";
        }
        if (from == to ? !add(list, from) : !add_range(list, from, to))
            return "more than 64 values";
        if (*text == '\0')
            return NULL;
        if (*text++ != ',')
            return "values are separated by commas";
    }
}
