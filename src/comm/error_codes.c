/* Error classes, codes and strings that the program adds (MPI 5.0, 9.5). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "errhandler.h"

/* Classes and codes in one numbering above MPI_ERR_LASTCODE: a class is the code that is its own class. */
struct added {
    int class;   /* 0: free */
    int members; /* of a class: codes in it */
    char *text;  /* NULL: none yet */
};

static struct added *rows;
static int count, room;
int tri_error_last_used = MPI_ERR_LASTCODE;

enum { FIRST = MPI_ERR_LASTCODE + 1 };

static struct added *row_of(int code)
{
    int index = code - FIRST;
    return code >= FIRST && index < count && rows[index].class ? &rows[index] : NULL;
}

/* The lowest free number, so that processes that add and remove alike get the same ones. class 0: a class of its own.
 */
static int add(int class)
{
    int index = 0;
    while (index < count && rows[index].class) {
        index++;
    }
    if (index == count) {
        if (count == room) {
            room = room ? 2 * room : 16;
            rows = tri_memory_grow(rows, (size_t)room * sizeof *rows);
        }
        count++;
    }
    int code = FIRST + index;
    rows[index] = (struct added){.class = class ? class : code};
    tri_error_last_used = TRI_MAX(tri_error_last_used, code);
    return code;
}

int tri_error_add_class(void)
{
    return add(0);
}

int tri_error_add_code(int class)
{
    struct added *of = row_of(class);
    if (of) {
        of->members++;
    }
    return add(class);
}

bool tri_error_is_added(int code)
{
    return row_of(code) != NULL;
}

int tri_error_members(int class)
{
    const struct added *row = row_of(class);
    return row ? row->members : 0;
}

void tri_error_remove(int code)
{
    struct added *row = row_of(code);
    struct added *class = row_of(row->class);
    if (class && class != row) {
        class->members--;
    }
    free(row->text);
    *row = (struct added){0};
}

void tri_error_set_text(int code, const char *text)
{
    struct added *row = row_of(code);
    free(row->text);
    row->text = NULL;
    if (text) {
        size_t len = strlen(text) + 1;
        row->text = memcpy(tri_memory_take(len), text, len);
    }
}

const char *tri_error_text(int code)
{
    const struct added *row = row_of(code);
    return row ? row->text : NULL;
}

int tri_error_class_of(int code)
{
    const struct added *row = row_of(code);
    if (row) {
        return row->class;
    }
    return tri_error_sentence(code) ? code : -1;
}

void tri_error_codes_end(void)
{
    while (count > 0) {
        free(rows[--count].text);
    }
    free(rows);
    rows = NULL;
    room = 0;
}
