/* What goes from one core's cache to another's: whole copies whatever their length and place, and handing over or
 * asking for lines ahead change nothing. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "unit.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../src/runtime/cache.h"

enum { ROOM = 10000, MARGIN = 80, UNTOUCHED = 0x55 };

static unsigned char from[ROOM], to[ROOM];

static int fill(void **state)
{
    (void)state;
    for (int i = 0; i < ROOM; i++) {
        from[i] = (unsigned char)(i * 7 + i / 251);
    }
    return 0;
}

static void copy_and_check(size_t len, size_t source, size_t target)
{
    memset(to, UNTOUCHED, sizeof to);
    tri_cache_copy(to + target, from + source, len);
    for (size_t i = 0; i < ROOM; i++) {
        int expected = i >= target && i < target + len ? from[source + i - target] : UNTOUCHED;
        assert_int_equal(to[i], expected);
    }
}

static void test_copies(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 8, 63, 64, 511, 512, 513, 575, 576, 1000, 4096, 8191, 8192, 8193, 9000};
    for (size_t i = 0; i < TRI_COUNT_OF(lengths); i++) {
        copy_and_check(lengths[i], 0, 0);
        copy_and_check(lengths[i], 3, MARGIN);
        copy_and_check(lengths[i], MARGIN, 1);
    }
}

static void test_handing_over(void **state)
{
    (void)state;
    unsigned char before[ROOM];
    memcpy(before, from, sizeof before);
    for (int alone = 0; alone < 2; alone++) {
        tri_cache_start(alone);
        for (size_t len = 0; len <= 1100; len += 50) {
            tri_cache_hand_over(from + len % 7, len);
        }
        assert_memory_equal(before, from, sizeof before);
    }
}

/* Beyond the end of the memory, too: what was asked for may be its last piece. */
static void test_asking_ahead(void **state)
{
    (void)state;
    unsigned char before[ROOM];
    memcpy(before, from, sizeof before);
    for (size_t len = 0; len <= 1100; len += 50) {
        tri_cache_claim(from + len % 7, len);
        tri_cache_fetch(from + len % 7, len);
    }
    assert_memory_equal(before, from, sizeof before);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED && munmap(pages + page, page) == 0);
    tri_cache_claim(pages + page - TRI_CACHE_LINE, 500);
    tri_cache_fetch(pages + page - TRI_CACHE_LINE, 500);
    munmap(pages, page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup(test_copies, fill),
                                       cmocka_unit_test_setup(test_handing_over, fill),
                                       cmocka_unit_test_setup(test_asking_ahead, fill)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
