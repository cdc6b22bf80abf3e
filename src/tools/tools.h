/* What the files of the tools interface (MPI_T; MPI 5.0, 15.3) share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_TOOLS_H
#define TRI_TOOLS_H

#include "../api/api.h"
#include "../runtime/counters.h"
#include "../runtime/variables.h"

/* The entry points are TRI_API_VALUE(int, T_...): such a face takes no lock. A tool's thread may call at any time, also
 * while another one is in MPI_Init or MPI_Finalize, when the lanes' locks come and go; so the interface has a lock of
 * its own. Errors are returned and never reach an error handler. */

/* Guards handles, sessions and registrations; recursive, since callbacks of the tool run under it. Taken after the
 * lanes' locks by whoever needs both. What only reads the tables takes none. */
void tri_tools_lock(void);
void tri_tools_unlock(void);

/* The locks of all lanes if MPI runs, then that of the tools. Returns what tri_tools_leave needs. */
bool tri_tools_enter(void);
void tri_tools_leave(bool with_lane);

/* Whether MPI_T_init_thread was called more often than MPI_T_finalize. */
bool tri_tools_are_on(void);

/* MPI_Finalize, all lanes locked: handles let go of the communicators that they are bound to. */
void tri_tools_stop(void);

#define TRI_TOOLS_CHECK(condition, code)                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            return (code);                                                                                             \
        }                                                                                                              \
    } while (0)
#define TRI_TOOLS_CHECK_ON() TRI_TOOLS_CHECK(tri_tools_are_on(), MPI_T_ERR_NOT_INITIALIZED)
#define TRI_TOOLS_CHECK_INDEX(index, count)                                                                            \
    TRI_TOOLS_CHECK((index) >= 0 && (index) < (int)(count), MPI_T_ERR_INVALID_INDEX)
#define TRI_TOOLS_CHECK_POINTER(name) TRI_TOOLS_CHECK((name) != NULL, MPI_T_ERR_INVALID)

/* An output that the tool may not want. */
#define TRI_TOOLS_SET(pointer, value)                                                                                  \
    do {                                                                                                               \
        if (pointer) {                                                                                                 \
            *(pointer) = (value);                                                                                      \
        }                                                                                                              \
    } while (0)

/* Returns a string as 15.3.3 wants it: at most *len bytes with the end, then *len is what all of it needs. */
void tri_tools_text(const char *text, char *buffer, int *len);

/* enum.c: NULL (MPI_T_ENUM_NULL) for a variable that is not a choice. That of an event names its elements. */
MPI_T_enum tri_tools_variable_enum(enum tri_variable_id id);
MPI_T_enum tri_tools_event_enum(enum tri_event_id id);

/* pvar.c and event.c: what categories list. */
int tri_tools_pvar_count(void);
enum tri_layer tri_tools_pvar_layer(int index);
enum tri_layer tri_tools_event_layer(int index);
const char *tri_tools_event_name(enum tri_event_id id);
/* NULL beyond the last. */
const char *tri_tools_event_element(enum tri_event_id id, int index);

/* The last MPI_T_finalize, or MPI_Finalize: entered with both locks. */
void tri_tools_cvar_end(void);
void tri_tools_pvar_end(void);
void tri_tools_pvar_unbind(void);
void tri_tools_event_end(void);
/* The hook of tri_event_raise. */
void tri_tools_event_raise(enum tri_event_id id, const void *data);

#endif
