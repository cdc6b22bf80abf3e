/* tool.h - what the tests of the tools interface (MPI_T) share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SPMD_TOOL_H
#define SPMD_TOOL_H

#include "test.h"

#define CHECK_CODE(call, expected) tool_check_code((call), (expected), __FILE__, __LINE__, #call)

static inline void tool_check_code(int code, int expected, const char *file, int line, const char *call)
{
    if (code != expected)
        t_fail(file, line, call, "returned %d, not %d", code, expected);
}

static inline void tool_start(void)
{
    int provided = -1;

    CHECK_OK(MPI_T_init_thread(MPI_THREAD_MULTIPLE, &provided));
    CHECK(provided == MPI_THREAD_MULTIPLE, "provided %d", provided);
}

/* The two ways to ask for the length of a string, a cut copy and a whole one must agree. `get` is a
 * call of an info function that stores into `text` and `len`. */
#define CHECK_TEXT(text, len, get)                                                                 \
    do {                                                                                           \
        int whole_, room_ = (int)sizeof(text);                                                     \
        (len) = 0;                                                                                 \
        (text)[0] = 'x';                                                                           \
        get;                                                                                       \
        whole_ = (len);                                                                            \
        CHECK(whole_ > 1 && (text)[0] == 'x', "length %d, text begun with %c", whole_, (text)[0]); \
        memset((text), 'x', sizeof(text));                                                         \
        (len) = 3;                                                                                 \
        get;                                                                                       \
        CHECK((len) == whole_ && strlen(text) == (size_t)(whole_ < 3 ? whole_ - 1 : 2) &&          \
                  (text)[3] == 'x',                                                                \
              "a cut copy: length %d, not %d", (len), whole_);                                     \
        (len) = room_;                                                                             \
        get;                                                                                       \
        CHECK((len) == whole_ && (int)strlen(text) + 1 == whole_, "length %d for \"%s\"", (len),   \
              (text));                                                                             \
    } while (0)

#endif
