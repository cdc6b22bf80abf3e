/* The table of variables: every knob of the library, set as TRIREME_<NAME> from the environment or by a tool (MPI_T).
 */
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
    TRI_VAR_LANES,
    TRI_VAR_WAIT,
    TRI_VAR_SPIN_US,
    TRI_VAR_SPREAD,
    TRI_VAR_OFI_PROVIDER,
    TRI_VAR_OFI_INTERFACE,
    TRI_VAR_BOARD,
    TRI_VAR_DOMAINS,
    TRI_VAR_ALGORITHMS,
    TRI_VAR_TUNING,
    TRI_VAR_REORDER_NODES,
    TRI_VAR_MODULE_DIR,
    TRI_VAR_VERBOSE,
    TRI_VAR_FILE,
    TRI_VAR_COUNT
};

enum tri_variable_type { TRI_TYPE_NUMBER, TRI_TYPE_SIZE, TRI_TYPE_BOOL, TRI_TYPE_TEXT, TRI_TYPE_CHOICE };

/* The part of the library that a variable is about; categories of the tools interface. */
enum tri_layer {
    TRI_LAYER_RUNTIME,
    TRI_LAYER_TRANSPORTS,
    TRI_LAYER_P2P,
    TRI_LAYER_MATCHING,
    TRI_LAYER_WAITING,
    TRI_LAYER_COLLECTIVES,
    TRI_LAYER_COUNT
};

struct tri_variable {
    const char *name; /* without the TRIREME_ prefix */
    enum tri_variable_type type;
    const char *initial;     /* the default, as the user would write it */
    int64_t lowest, highest; /* for numbers and sizes */
    const char *choices;     /* for TRI_TYPE_CHOICE: words separated by '|' */
    const char *meaning;     /* one sentence */
    enum tri_layer layer;
    int verbosity; /* MPI_T_VERBOSITY_*: for whom it is */
    int scope;     /* MPI_T_SCOPE_*: where else it must be set alike when a tool sets it */
    bool anytime;  /* whoever reads it does so each time: a tool may set it while the library runs */
};

extern const struct tri_variable tri_variables[TRI_VAR_COUNT];

/* The longest text that a tool may give to a variable, its end included. */
enum { TRI_VARIABLE_TEXT_MAX = 1024 };

/* Reads all rows: what a tool has set stays, then the environment counts, then the files (variables_file.h), then the
 * default. Returns 0, or -1 with one line in message (at most len bytes): which variable, where and what it was set to,
 * what it may be; that one has its default then. Call before anything else; values are constant afterwards, but for
 * tri_variable_set. Files are read once in a process. */
int tri_variables_read(char *message, size_t len);

/* A tool sets it, for good: the next tri_variables_read leaves it so. Returns 0, or -1 if it can not have that value.
 */
int tri_variable_set(enum tri_variable_id id, const char *text);
int tri_variable_set_number(enum tri_variable_id id, int64_t number);

/* The word number index of the choices of a row; false beyond the last. */
bool tri_variable_choice(const struct tri_variable *row, int index, char *word, size_t len);

int64_t tri_variable_number(enum tri_variable_id id);   /* numbers, sizes (bytes), bools (0/1), choices (index) */
const char *tri_variable_text(enum tri_variable_id id); /* as the user wrote it; never NULL after a read */
bool tri_variable_is_set(enum tri_variable_id id);      /* whether a file, the environment or a tool gave it */

/* Where the value comes from: "default", "environment", "tool", or "file FILE:LINE". Constant as the value. */
const char *tri_variable_origin(enum tri_variable_id id);

/* The row of that name, or TRI_VAR_COUNT. */
enum tri_variable_id tri_variable_find(const char *name);

#endif
