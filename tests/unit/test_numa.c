/* Shared memory by NUMA node: which node is asked for, and that the system is asked. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../transports/shm/numa.h"
#include "unit.h"

static char root[] = "/tmp/trireme-numa.XXXXXX";

static void make(const char *format, int number, int other)
{
    char name[100], path[200];
    snprintf(name, sizeof name, format, number, other);
    snprintf(path, sizeof path, "%s/%s", root, name);
    assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
}

enum { NONE = CPU_SETSIZE + 1 };

/* A system of two nodes; node 1 has every cpu (modulus 1), every second one (2) or NONE. */
static void build(int modulus)
{
    assert_non_null(mkdtemp(root));
    make("node", 0, 0);
    make("node/node%d", 0, 0);
    make("node/node%d", 1, 0);
    make("cpu", 0, 0);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        make("cpu/cpu%d", cpu, 0);
        make("cpu/cpu%d/node%d", cpu, cpu % modulus == modulus - 1);
    }
}

static void clear(void)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf %s", root);
    assert_int_equal(system(command), 0);
    snprintf(root, sizeof root, "/tmp/trireme-numa.XXXXXX");
}

static void test_node_of_all_cpus(void **state)
{
    (void)state;
    build(1);
    assert_int_equal(tri_shm_numa_node(root), 1);
    clear();
}

static void test_cpus_of_two_nodes(void **state)
{
    cpu_set_t before, one;
    (void)state;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    build(2);
    if (CPU_COUNT(&before) > 1 && CPU_ISSET(0, &before) && CPU_ISSET(1, &before)) {
        assert_int_equal(tri_shm_numa_node(root), -1);
    }
    for (int cpu = 0; cpu < 2; cpu++) {
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        if (CPU_ISSET(cpu, &before) && !sched_setaffinity(0, sizeof one, &one)) {
            assert_int_equal(tri_shm_numa_node(root), cpu);
        }
    }
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    clear();
}

static void test_one_node_is_no_choice(void **state)
{
    char path[100];
    (void)state;
    build(NONE);
    assert_int_equal(tri_shm_numa_node(root), 0);
    snprintf(path, sizeof path, "%s/node/node1", root);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(tri_shm_numa_node(root), -1);
    clear();
}

/* Through a mapping of its own: the wish is the file's, and for its range only. */
static void test_range_is_asked_for(void **state)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    unsigned long nodes[16] = {0};
    int mode = -1, fd = memfd_create("test_numa", 0);
    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, (off_t)(8 * page)), 0);
    tri_shm_numa_prefer(fd, (off_t)(2 * page), 4 * page, 0);
    char *all = mmap(NULL, 8 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(all, MAP_FAILED);
    if (syscall(SYS_get_mempolicy, &mode, nodes, 1024ul, all, MPOL_F_ADDR) != 0) {
        skip(); /* no NUMA in this kernel, or a filter */
    }
    for (size_t i = 0; i < 8; i++) {
        bool wanted = i >= 2 && i < 6;
        assert_int_equal(syscall(SYS_get_mempolicy, &mode, nodes, 1024ul, all + i * page, MPOL_F_ADDR), 0);
        assert_int_equal(mode, wanted ? MPOL_PREFERRED : MPOL_DEFAULT);
        assert_int_equal(nodes[0], wanted);
    }
    munmap(all, 8 * page);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_node_of_all_cpus),
        cmocka_unit_test(test_cpus_of_two_nodes),
        cmocka_unit_test(test_one_node_is_no_choice),
        cmocka_unit_test(test_range_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
