/* The table of variables: every knob of the library, set from the environment as TRIREME_<NAME>. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_VARIABLES_H
#define TRI_VARIABLES_H

#include "base.h"

enum tri_variable_id {
    TRI_VAR_TRANSPORTS,
    TRI_VAR_EAGER_MAX,
    TRI_VAR_EAGER_CREDIT,
    TRI_VAR_SHARE_MIN,
    TRI_VAR_CMA,
    TRI_VAR_SHM_CELLS,
    TRI_VAR_SHM_DATA,
    TRI_VAR_WAIT,
    TRI_VAR_SPIN_US,
    TRI_VAR_OFI_PROVIDER,
    TRI_VAR_OFI_INTERFACE,
    TRI_VAR_MODULE_DIR,
    TRI_VAR_VERBOSE,
    TRI_VAR_COUNT
};

enum tri_variable_type { TRI_TYPE_NUMBER, TRI_TYPE_SIZE, TRI_TYPE_BOOL, TRI_TYPE_TEXT, TRI_TYPE_CHOICE };

struct tri_variable {
    const char *name; /* without the TRIREME_ prefix */
    enum tri_variable_type type;
    const char *initial; /* the default, as the user would write it */
    int64_t lowest, highest; /* for numbers and sizes */
    const char *choices; /* for TRI_TYPE_CHOICE: words separated by '|' */
    const char *meaning; /* one sentence */
};

extern const struct tri_variable tri_variables[TRI_VAR_COUNT];

/* Reads all rows from the environment. Returns 0, or -1 with one line in message (at most len bytes): which variable,
 * what it was set to, what it may be. Call before anything else; values are constant afterwards. */
int tri_variables_read(char *message, size_t len);

int64_t tri_variable_number(enum tri_variable_id id); /* numbers, sizes (bytes), bools (0/1), choices (index) */
const char *tri_variable_text(enum tri_variable_id id); /* as the user wrote it; never NULL */
bool tri_variable_is_set(enum tri_variable_id id);      /* whether the environment gave it */

/* The row of that name, or TRI_VAR_COUNT. */
enum tri_variable_id tri_variable_find(const char *name);

#endif
