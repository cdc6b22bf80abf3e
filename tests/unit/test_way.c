/* Which way large messages come: with a clock that the test sets, the quickest one; and what may come eagerly. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <time.h>

#include "../../src/p2p/engine.h"
#include "../../src/runtime/variables.h"
#include "../../src/runtime/wait.h"

enum {
    KIB = 1024,
    MIB = 1024 * KIB,
    SOME = 40 /* messages by which every trial is over */,
    MANY = 1200,
    GRANTED = TRI_WAY_GRANT
};

static const enum tri_way pieces = TRI_WAY_PIECES, direct = TRI_WAY_DIRECT, shared = TRI_WAY_SHARED;

/* ---- stand in for the rest of the library ---- */

static int64_t share_min;
static bool share_set, eager_set, alone;

bool tri_wait_is_alone(void)
{
    return alone;
}

int64_t tri_variable_number(enum tri_variable_id id)
{
    return id == TRI_VAR_SHARE_MIN ? share_min : 32 * KIB;
}

bool tri_variable_is_set(enum tri_variable_id id)
{
    return id == TRI_VAR_SHARE_MIN ? share_set : id == TRI_VAR_EAGER_MAX && eager_set;
}

static unsigned can;

unsigned tri_peer_can(struct tri_peer *peer)
{
    (void)peer;
    return can;
}

static int64_t clock_ns;

int clock_gettime(clockid_t id, struct timespec *time)
{
    (void)id;
    time->tv_sec = clock_ns / 1000000000;
    time->tv_nsec = clock_ns % 1000000000;
    return 0;
}

/* ---- a peer, and messages from it ---- */

static struct tri_engine engine;
static struct tri_peer peer;
static int64_t cost[TRI_WAYS]; /* nanoseconds of a message that comes this way */
static int taken[TRI_WAYS];    /* messages that came this way since clear_taken */

static void clear_taken(void)
{
    for (int i = 0; i < TRI_WAYS; i++) {
        taken[i] = 0;
    }
}

static int set_up(void **state)
{
    (void)state;
    engine = (struct tri_engine){0};
    tri_ways_start(&engine);
    peer = (struct tri_peer){.engine = &engine, .eager_max = 32 * KIB};
    share_min = 2 * MIB;
    share_set = eager_set = false;
    alone = true;
    can = TRI_CAN_GET | TRI_CAN_PUT | TRI_CAN_CLAIM;
    clock_ns = 1000;
    clear_taken();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tri_pool_end(&engine.ways);
    return 0;
}

static struct tri_rendezvous accept_message(int64_t size)
{
    struct tri_rendezvous transfer = {.peer = &peer, .size = size};
    taken[tri_way_choose(&transfer)]++;
    return transfer;
}

static void end_message(struct tri_rendezvous *transfer, int64_t nanoseconds)
{
    clock_ns += nanoseconds;
    if (transfer->tried) {
        tri_way_took(transfer);
    }
}

/* One after the other. */
static void receive(int messages, int64_t size)
{
    for (int i = 0; i < messages; i++) {
        struct tri_rendezvous transfer = accept_message(size);
        end_message(&transfer, cost[transfer.way]);
        clock_ns += 1000000; /* the program does something else */
    }
}

static void set_costs(int64_t of_pieces, int64_t of_direct, int64_t of_shared)
{
    cost[pieces] = of_pieces;
    cost[direct] = of_direct;
    cost[shared] = of_shared;
}

/* The messages that come next all come this way. */
static void expect_way(int64_t size, enum tri_way way)
{
    clear_taken();
    receive(SOME, size);
    if (taken[way] != SOME) {
        fail_msg("%lld bytes: %d in pieces, %d direct, %d shared, all %d should go way %d", (long long)size,
                 taken[pieces], taken[direct], taken[shared], SOME, way);
    }
}

/* ---- the receiver ---- */

static void test_quickest(void **state)
{
    static const int64_t sizes[] = {4 * KIB + 1, 32 * KIB, 32 * KIB + 1, 512 * KIB, 512 * KIB + 1, 2 * MIB - 1};
    (void)state;
    for (size_t i = 0; i < TRI_COUNT_OF(sizes); i++) {
        bool three = sizes[i] > 512 * KIB;
        enum tri_way best = i % 2 ? direct : pieces;
        set_costs(best == pieces ? 300 : 500, best == direct ? 300 : 500, 100);
        receive(SOME, sizes[i]);
        assert_true(taken[pieces] > 0 && taken[direct] > 0);
        assert_int_equal(taken[shared] > 0, three);
        expect_way(sizes[i], three ? shared : best);
        clear_taken();
    }
}

/* What the user has set counts, and the least and the greatest lengths are never tried. */
static void test_told(void **state)
{
    (void)state;
    set_costs(1, 1000, 1000);
    expect_way(2 * MIB, shared);
    set_costs(1000, 1, 1000);
    expect_way(4 * KIB, pieces);
    share_set = true;
    share_min = 10000;
    set_costs(1000, 1, 1000);
    expect_way(9999, pieces);
    set_costs(1, 1000, 1);
    expect_way(10000, direct);
    expect_way(64 * KIB, direct);
    expect_way(64 * KIB + 1, shared);
}

/* Where others want the core the receiver does it alone, or the sender hears that it better sends eagerly. */
static void test_crowded(void **state)
{
    (void)state;
    alone = false;
    set_costs(1, 1000, 1);
    expect_way(4 * KIB, pieces);
    expect_way(16 * KIB, pieces);
    expect_way(16 * KIB + 1, direct);
    expect_way(2 * MIB, direct);
    share_set = true;
    expect_way(100000, pieces);
    expect_way(2 * MIB, shared);
}

/* The first one of a way finds the caches as the other way left them; and one message of either batch is held up. */
static void test_outliers(void **state)
{
    static const int late[] = {3, 7};
    (void)state;
    set_costs(310, 300, 0);
    for (int k = 0; k < 2; k++) {
        int64_t size = 100000 << k;
        clear_taken();
        for (int i = 0; i < SOME; i++) {
            struct tri_rendezvous transfer = accept_message(size);
            bool first = i == 0, held_up = transfer.way == direct && taken[direct] == late[k];
            end_message(&transfer, first ? 1 : held_up ? 1000000 : cost[transfer.way]);
            clock_ns += 1000000;
        }
        expect_way(size, direct);
    }
}

/* Of messages that were accepted together each takes from the end of the one before. */
static void test_together(void **state)
{
    struct tri_rendezvous transfers[SOME];
    (void)state;
    set_costs(500, 700, 0);
    for (int i = 0; i < SOME; i++) {
        transfers[i] = accept_message(100000);
    }
    assert_int_equal(taken[pieces], SOME);
    for (int i = 0; i < SOME; i++) {
        end_message(&transfers[i], cost[pieces]);
    }
    receive(SOME, 100000);
    expect_way(100000, pieces);
}

/* Nothing is timed while a message that comes another way is under way, at its begin or at its end. */
static void test_beside_others(void **state)
{
    (void)state;
    set_costs(500, 700, 0);
    while (taken[direct] == 0) {
        receive(1, 100000);
    }
    for (int i = 0; i < 10; i++) {
        struct tri_rendezvous other = accept_message(300000), transfer = accept_message(100000);
        assert_int_equal(other.way, pieces);
        end_message(&other, 1);
        end_message(&transfer, 1);
        transfer = accept_message(100000);
        other = accept_message(300000);
        end_message(&transfer, 1);
        end_message(&other, 1);
    }
    receive(SOME, 100000);
    expect_way(100000, pieces);
}

/* A way that is never timed, as others are always under way, is given up. */
static void test_mixed(void **state)
{
    (void)state;
    struct tri_rendezvous lasting = accept_message(300000);
    set_costs(500, 300, 0);
    receive(MANY, 100000);
    assert_true(taken[pieces] > SOME && taken[direct] > 0);
    end_message(&lasting, 10);
}

static void test_again(void **state)
{
    (void)state;
    set_costs(500, 300, 0);
    receive(SOME, 100000);
    expect_way(100000, direct);
    set_costs(300, 500, 0);
    expect_way(100000, direct);
    receive(MANY, 100000);
    expect_way(100000, pieces);
}

/* ---- the sender ---- */

static struct tri_datatype contiguous = {.contiguous = true}, scattered = {.contiguous = false};

static bool asks(int64_t bytes, struct tri_datatype *type)
{
    const struct tri_request request = {.bytes = bytes, .op.type = type};
    return tri_way_asks(&peer, &request);
}

static void test_unasked(void **state)
{
    (void)state;
    assert_int_equal(tri_way_unasked(&peer, true), 4 * KIB);
    assert_int_equal(tri_way_unasked(&peer, false), 32 * KIB);
    peer.eager_max = 1000;
    assert_int_equal(tri_way_unasked(&peer, true), 1000);
    peer.eager_max = 32 * KIB;
    eager_set = true;
    assert_int_equal(tri_way_unasked(&peer, true), 32 * KIB);
}

static void test_permit(void **state)
{
    (void)state;
    peer.eager_unasked = tri_way_unasked(&peer, true);
    assert_true(asks(20000, &contiguous));
    assert_true(asks(20000, &contiguous));
    assert_false(asks(20000, &scattered));
    tri_way_permit(&peer, 20000, 3);
    for (int i = 0; i < 3; i++) {
        assert_true(asks(16384, &contiguous));  /* of another class */
        assert_false(asks(20000, &contiguous)); /* and found no room */
        assert_false(asks(32768, &contiguous));
        tri_way_sent(&peer, 16385 + i);
    }
    assert_true(asks(20000, &contiguous));
    tri_way_sent(&peer, 20000); /* the last that could not be announced */
    assert_true(asks(20000, &contiguous));
    alone = false;
    assert_false(asks(20000, &contiguous));
    alone = true;
    share_set = true;
    assert_false(asks(20000, &contiguous));
    share_set = false;
    const struct tri_request buffered = {.bytes = 20000, .op.type = &contiguous, .mode = TRI_SEND_BUFFERED};
    assert_false(tri_way_asks(&peer, &buffered));
    tri_way_permit(&peer, 40000, 3); /* never eager */
    can = TRI_CAN_CLAIM;
    assert_false(asks(20000, &contiguous));
}

static bool announces(int64_t size, struct tri_datatype *type, enum tri_send_mode mode)
{
    const struct tri_request request = {.bytes = size, .op.type = type, .mode = (uint8_t)mode};
    return tri_way_announces(&peer, &request);
}

/* Only where others want the core do longer ones of a burst wait for their receives. */
static void test_burst(void **state)
{
    (void)state;
    assert_false(announces(20000, &contiguous, TRI_SEND_BURST));
    alone = false;
    assert_true(announces(20000, &contiguous, TRI_SEND_BURST));
    assert_true(announces(16 * KIB + 1, &contiguous, TRI_SEND_BURST));
    assert_false(announces(16 * KIB, &contiguous, TRI_SEND_BURST));
    assert_false(announces(20000, &contiguous, TRI_SEND_STANDARD));
    assert_false(announces(20000, &scattered, TRI_SEND_BURST));
    share_set = true;
    assert_false(announces(20000, &contiguous, TRI_SEND_BURST));
    share_set = false;
    can = TRI_CAN_CLAIM;
    assert_false(announces(20000, &contiguous, TRI_SEND_BURST));
}

static uint32_t grant_of(int64_t size)
{
    struct tri_rendezvous transfer = accept_message(size);
    uint32_t messages = tri_way_grant(&transfer);
    end_message(&transfer, cost[transfer.way]);
    return messages;
}

/* None on trial; then as long as pieces are quicker; and always where nothing else is possible. */
static void test_grant(void **state)
{
    (void)state;
    set_costs(300, 500, 0);
    assert_int_equal(grant_of(20000), 0);
    receive(SOME, 20000);
    /* The eager ones count, too: after a thousand there is a trial. */
    int grants = 0;
    while (grant_of(20000) == GRANTED) {
        grants++;
    }
    assert_in_range(grants, 1000 / GRANTED, 2000 / GRANTED);
    /* Longer ones all come announced. */
    receive(SOME, 100000);
    for (int i = 0; i < SOME; i++) {
        assert_int_equal(grant_of(100000), GRANTED);
    }
    const struct tri_rendezvous scattered_receive = {.peer = &peer, .size = 9000};
    assert_int_equal(tri_way_grant(&scattered_receive), GRANTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_quickest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_crowded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_outliers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_beside_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_mixed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unasked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_permit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_burst, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_grant, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
