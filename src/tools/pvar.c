/* Starting, stopping, reading and writing performance variables (MPI 5.0, 15.3.7). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pvar.h"

/* The word of another lane that belongs to this one of the first. */
static uint64_t *word_in(const uint64_t *word, int lane)
{
    return (uint64_t *)(uintptr_t)((const char *)word + (size_t)lane * sizeof *tri_counters);
}

static uint64_t load_in(const uint64_t *word, int lane)
{
    return __atomic_load_n(word_in(word, lane), __ATOMIC_RELAXED);
}

static uint64_t sum(const uint64_t *word)
{
    uint64_t total = 0;
    for (int lane = 0; lane < TRI_LANES && word; lane++) {
        total += load_in(word, lane);
    }
    return total;
}

static uint64_t most(const uint64_t *word)
{
    uint64_t value = 0;
    for (int lane = 0; lane < TRI_LANES && word; lane++) {
        value = TRI_MAX(value, load_in(word, lane));
    }
    return value;
}

static bool is_watermark(const struct tri_pvar *row)
{
    return row->class == MPI_T_PVAR_CLASS_HIGHWATERMARK;
}

/* The value of a state, or the words of a counter. */
static uint64_t present(const struct MPI_ABI_T_pvar_handle *handle)
{
    const struct tri_pvar *row = handle->row;
    if (row->of_comm) {
        return row->of_comm(handle->comm);
    }
    return row->compute ? row->compute() : sum(row->word) + sum(row->other);
}

/* Every started handle takes over the mark; then it may be lowered to the present level for one of them. */
static void lower_mark(const struct tri_pvar *row)
{
    uint64_t mark = most(row->word);
    for (struct MPI_ABI_T_pvar_session *session = tri_pvar_sessions; session; session = session->next) {
        for (struct MPI_ABI_T_pvar_handle *handle = session->handles; handle; handle = handle->next) {
            if (handle->row == row && handle->started) {
                handle->value = TRI_MAX(handle->value, mark);
            }
        }
    }
    for (int lane = 0; lane < TRI_LANES; lane++) {
        uint64_t level = row->other ? load_in(row->other, lane) : 0;
        __atomic_store_n(word_in(row->word, lane), level, __ATOMIC_RELAXED);
    }
}

static uint64_t current(const struct MPI_ABI_T_pvar_handle *handle)
{
    const struct tri_pvar *row = handle->row;
    if (tri_pvar_is_state(row)) {
        return present(handle);
    }
    if (!handle->started) {
        return handle->value;
    }
    return is_watermark(row) ? TRI_MAX(handle->value, most(row->word)) : handle->value + present(handle) - handle->base;
}

/* From now on the handle shows this, until something is added. */
static void set(struct MPI_ABI_T_pvar_handle *handle, uint64_t value)
{
    if (is_watermark(handle->row)) {
        lower_mark(handle->row);
    } else {
        handle->base = present(handle);
    }
    handle->value = value;
}

static void reset(struct MPI_ABI_T_pvar_handle *handle)
{
    set(handle, is_watermark(handle->row) ? most(handle->row->other) : 0);
}

static void put_out(const struct tri_pvar *row, uint64_t value, void *buf)
{
    if (row->class == MPI_T_PVAR_CLASS_TIMER) {
        *(double *)buf = 1e-9 * (double)value;
    } else {
        *(unsigned long long *)buf = value;
    }
}

/* ---- what can be done with a handle ---- */

enum action { START, STOP, RESET };

static int act_on(struct MPI_ABI_T_pvar_handle *handle, enum action action)
{
    bool state = tri_pvar_is_state(handle->row);
    if (action == RESET) {
        TRI_TOOLS_CHECK(!state, MPI_T_ERR_PVAR_NO_WRITE);
        reset(handle);
        return MPI_SUCCESS;
    }
    TRI_TOOLS_CHECK(!state, MPI_T_ERR_PVAR_NO_STARTSTOP);
    if (handle->started == (action == START)) {
        return MPI_SUCCESS;
    }
    if (action == STOP) {
        handle->value = current(handle);
    } else {
        set(handle, handle->value);
        if (is_watermark(handle->row)) {
            handle->value = TRI_MAX(handle->value, most(handle->row->other));
        }
    }
    handle->started = action == START;
    return MPI_SUCCESS;
}

/* MPI_T_PVAR_ALL_HANDLES passes over those that can not. */
static int act(MPI_T_pvar_session session, MPI_T_pvar_handle handle, enum action action)
{
    TRI_TOOLS_CHECK(tri_pvar_find_session(session), MPI_T_ERR_INVALID_SESSION);
    if (handle != MPI_T_PVAR_ALL_HANDLES) {
        TRI_TOOLS_CHECK(tri_pvar_find_handle(session, handle), MPI_T_ERR_INVALID_HANDLE);
        return act_on(handle, action);
    }
    for (struct MPI_ABI_T_pvar_handle *each = session->handles; each; each = each->next) {
        act_on(each, action);
    }
    return MPI_SUCCESS;
}

static int act_locked(MPI_T_pvar_session session, MPI_T_pvar_handle handle, enum action action)
{
    TRI_TOOLS_CHECK_ON();
    bool with_lane = tri_tools_enter();
    int code = act(session, handle, action);
    tri_tools_leave(with_lane);
    return code;
}

static int check_handle(MPI_T_pvar_session session, MPI_T_pvar_handle handle)
{
    TRI_TOOLS_CHECK(tri_pvar_find_session(session), MPI_T_ERR_INVALID_SESSION);
    TRI_TOOLS_CHECK(tri_pvar_find_handle(session, handle), MPI_T_ERR_INVALID_HANDLE);
    /* The communicator went away with MPI_Finalize. */
    TRI_TOOLS_CHECK(!handle->row->of_comm || handle->comm, MPI_T_ERR_INVALID_HANDLE);
    return MPI_SUCCESS;
}

static int read_value(MPI_T_pvar_session session, MPI_T_pvar_handle handle, void *buf)
{
    int code = check_handle(session, handle);
    if (code == MPI_SUCCESS) {
        put_out(handle->row, current(handle), buf);
    }
    return code;
}

/* What is added between the two is in neither: so the words are looked at once. */
static int read_and_reset(MPI_T_pvar_session session, MPI_T_pvar_handle handle, void *buf)
{
    int code = check_handle(session, handle);
    TRI_TOOLS_CHECK(code == MPI_SUCCESS, code);
    TRI_TOOLS_CHECK(!tri_pvar_is_state(handle->row), MPI_T_ERR_PVAR_NO_WRITE);
    uint64_t value = current(handle);
    put_out(handle->row, value, buf);
    if (is_watermark(handle->row) || !handle->started) {
        reset(handle);
    } else {
        handle->base += value - handle->value;
        handle->value = 0;
    }
    return MPI_SUCCESS;
}

static int write_value(MPI_T_pvar_session session, MPI_T_pvar_handle handle, const void *buf)
{
    int code = check_handle(session, handle);
    TRI_TOOLS_CHECK(code == MPI_SUCCESS, code);
    TRI_TOOLS_CHECK(!tri_pvar_is_state(handle->row), MPI_T_ERR_PVAR_NO_WRITE);
    if (handle->row->class == MPI_T_PVAR_CLASS_TIMER) {
        double seconds = *(const double *)buf;
        TRI_TOOLS_CHECK(seconds >= 0 && seconds < 1e9, MPI_T_ERR_INVALID);
        set(handle, (uint64_t)(1e9 * seconds));
    } else {
        set(handle, *(const unsigned long long *)buf);
    }
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_pvar_start)(MPI_T_pvar_session session, MPI_T_pvar_handle handle)
{
    return act_locked(session, handle, START);
}

TRI_API_VALUE(int, T_pvar_stop)(MPI_T_pvar_session session, MPI_T_pvar_handle handle)
{
    return act_locked(session, handle, STOP);
}

TRI_API_VALUE(int, T_pvar_reset)(MPI_T_pvar_session session, MPI_T_pvar_handle handle)
{
    return act_locked(session, handle, RESET);
}

TRI_API_VALUE(int, T_pvar_read)(MPI_T_pvar_session session, MPI_T_pvar_handle handle, void *buf)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(buf);
    bool with_lane = tri_tools_enter();
    int code = read_value(session, handle, buf);
    tri_tools_leave(with_lane);
    return code;
}

TRI_API_VALUE(int, T_pvar_readreset)(MPI_T_pvar_session session, MPI_T_pvar_handle handle, void *buf)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(buf);
    bool with_lane = tri_tools_enter();
    int code = read_and_reset(session, handle, buf);
    tri_tools_leave(with_lane);
    return code;
}

TRI_API_VALUE(int, T_pvar_write)(MPI_T_pvar_session session, MPI_T_pvar_handle handle, const void *buf)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(buf);
    bool with_lane = tri_tools_enter();
    int code = write_value(session, handle, buf);
    tri_tools_leave(with_lane);
    return code;
}
