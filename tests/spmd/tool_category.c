/* tool_category.c - categories: every variable and every event is in exactly one. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "tool.h"

enum { MAX_ITEMS = 256 };
enum { CVARS, PVARS, EVENTS, CATEGORIES, KINDS };

static int seen[KINDS][MAX_ITEMS];
static int total[KINDS];

static int get_items(int kind, int category, int room, int *items)
{
    switch (kind) {
    case CVARS: return MPI_T_category_get_cvars(category, room, items);
    case PVARS: return MPI_T_category_get_pvars(category, room, items);
    case EVENTS: return MPI_T_category_get_events(category, room, items);
    default: return MPI_T_category_get_categories(category, room, items);
    }
}

/* The list with room for all, with room to spare and with room for one less. */
static void check_list(int category, int kind, int count, const char *name)
{
    int items[MAX_ITEMS + 1], fewer[MAX_ITEMS + 1];

    memset(items, -1, sizeof items);
    memset(fewer, -1, sizeof fewer);
    CHECK_OK(get_items(kind, category, MAX_ITEMS, items));
    CHECK(items[count] == -1, "%s, kind %d: more than the %d announced", name, kind, count);
    for (int i = 0; i < count; i++) {
        CHECK(items[i] >= 0 && items[i] < total[kind], "%s, kind %d: item %d", name, kind,
              items[i]);
        if (items[i] >= 0 && items[i] < MAX_ITEMS)
            seen[kind][items[i]]++;
    }
    if (count > 0) {
        CHECK_OK(get_items(kind, category, count - 1, fewer));
        CHECK(fewer[count - 1] == -1 && memcmp(items, fewer, (size_t)(count - 1) * sizeof *items) == 0,
              "%s, kind %d: a short list", name, kind);
    }
    CHECK_OK(get_items(kind, category, 0, NULL));
    CHECK_CODE(get_items(kind, total[CATEGORIES], MAX_ITEMS, items), MPI_T_ERR_INVALID_INDEX);
}

static void check_category(int category)
{
    char name[64], desc[256];
    int len, count[KINDS] = {-1, -1, -1, -1}, found = -1;

    CHECK_TEXT(desc, len,
               CHECK_OK(MPI_T_category_get_info(category, NULL, NULL, desc, &len, NULL, NULL,
                                                NULL)));
    CHECK_TEXT(name, len,
               CHECK_OK(MPI_T_category_get_info(category, name, &len, NULL, NULL, &count[CVARS],
                                                &count[PVARS], &count[CATEGORIES])));
    CHECK_OK(MPI_T_category_get_num_events(category, &count[EVENTS]));
    CHECK_OK(MPI_T_category_get_index(name, &found));
    CHECK(found == category, "%s: index %d, not %d", name, found, category);
    for (int kind = 0; kind < KINDS; kind++)
        check_list(category, kind, count[kind], name);
}

static void check_all(void)
{
    int number = -1, again = -1;

    memset(seen, 0, sizeof seen);
    CHECK_OK(MPI_T_cvar_get_num(&total[CVARS]));
    CHECK_OK(MPI_T_pvar_get_num(&total[PVARS]));
    CHECK_OK(MPI_T_event_get_num(&total[EVENTS]));
    CHECK_OK(MPI_T_category_get_num(&total[CATEGORIES]));
    CHECK(total[CATEGORIES] >= 6, "%d categories", total[CATEGORIES]);
    for (int i = 0; i < total[CATEGORIES]; i++)
        check_category(i);
    for (int kind = 0; kind < CATEGORIES; kind++)
        for (int i = 0; i < total[kind]; i++)
            CHECK(seen[kind][i] == 1, "item %d of kind %d is in %d categories", i, kind,
                  seen[kind][i]);
    for (int i = 0; i < total[CATEGORIES]; i++)
        CHECK(seen[CATEGORIES][i] == (i > 0), "category %d is in %d others", i, seen[CATEGORIES][i]);
    CHECK_CODE(MPI_T_category_get_info(-1, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
               MPI_T_ERR_INVALID_INDEX);
    CHECK_CODE(MPI_T_category_get_num_events(total[CATEGORIES], &number), MPI_T_ERR_INVALID_INDEX);
    CHECK_CODE(MPI_T_category_get_index("no such", &number), MPI_T_ERR_INVALID_NAME);
    CHECK_CODE(MPI_T_category_get_num(NULL), MPI_T_ERR_INVALID);
    CHECK_OK(MPI_T_category_changed(&number));
    CHECK_OK(MPI_T_category_changed(&again));
    CHECK(number == again, "changed from %d to %d", number, again);
}

/* The codes have a name and a sentence, like the classes of MPI. */
static void check_strings(void)
{
    char text[MPI_MAX_ERROR_STRING];
    int len = 0, class = -1;

    for (int code = MPI_T_ERR_CANNOT_INIT; code <= MPI_T_ERR_PVAR_NO_ATOMIC; code++) {
        CHECK_OK(MPI_Error_string(code, text, &len));
        CHECK(strncmp(text, "MPI_T_ERR_", 10) == 0 && len > 15, "code %d is \"%s\"", code, text);
        CHECK_OK(MPI_Error_class(code, &class));
        CHECK(class == code, "code %d is of class %d", code, class);
    }
}

int main(int argc, char **argv)
{
    int code;

    tool_start();
    check_all();
    t_init(&argc, &argv);
    check_all();
    check_strings();
    code = t_finish();
    check_all();
    CHECK_OK(MPI_T_finalize());
    return code || t_failures;
}
