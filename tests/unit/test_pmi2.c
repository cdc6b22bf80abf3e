/* PMI-2: which ranks share a node, and values of any length through a server that takes short ones. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../src/runtime/launcher.h"
#include "unit.h"

/* Slurm's limits, and what it answers to a question for what is not there. */
enum { NAME_MAX_SIZE = 64, VALUE_MAX_SIZE = 1024, ENTRIES = 64, NOT_THERE = 4 };

/* A server with one process that publishes: what others are asked for is what that one has put there. */
static struct {
    const char *mapping;
    int rank, size, count, aborted;
    int verdict; /* of a process that ends when it takes its leave; -1: it goes on */
    struct {
        char name[NAME_MAX_SIZE], value[VALUE_MAX_SIZE];
        bool on_node, in_job;
    } entries[ENTRIES];
    char message[600];
} server = {.verdict = -1};

static int init(int *spawned, int *size, int *rank, int *appnum)
{
    *spawned = *appnum = 0;
    *size = server.size;
    *rank = server.rank;
    return 0;
}

static int nothing(void)
{
    return 0;
}

static int take_leave(void)
{
    if (server.verdict >= 0) {
        _exit(server.verdict);
    }
    return 0;
}

static int end_all(int flag, const char *message)
{
    server.aborted = flag;
    snprintf(server.message, sizeof server.message, "%s", message);
    return 0;
}

static int get_id(char id[], int size)
{
    snprintf(id, (size_t)size, "123.4");
    return 0;
}

static int get_job_attr(const char name[], char value[], int size, int *found)
{
    *found = server.mapping && !strcmp(name, "PMI_process_mapping");
    snprintf(value, (size_t)size, "%s", *found ? server.mapping : "");
    return 0;
}

/* Of a name "RANK.KEY" the KEY, and whether RANK is the process that publishes. */
static const char *key_of(const char *name, bool *own)
{
    char *end;
    *own = strtol(name, &end, 10) == server.rank;
    return end;
}

static int put(const char name[], const char value[], bool in_job)
{
    bool own;
    const char *key = key_of(name, &own);
    assert_true(own && strlen(name) < NAME_MAX_SIZE && strlen(value) < VALUE_MAX_SIZE && *value);
    for (const char *c = value; *c; c++) {
        assert_true(isalnum((unsigned char)*c));
    }
    int i = 0;
    while (i < server.count && strcmp(server.entries[i].name, key) != 0) {
        i++;
    }
    server.count += i == server.count;
    assert_in_range(i, 0, ENTRIES - 1);
    snprintf(server.entries[i].name, NAME_MAX_SIZE, "%s", key);
    snprintf(server.entries[i].value, VALUE_MAX_SIZE, "%s", value);
    *(in_job ? &server.entries[i].in_job : &server.entries[i].on_node) = true;
    return 0;
}

static int put_node_attr(const char name[], const char value[])
{
    return put(name, value, false);
}

static int put_kvs(const char name[], const char value[])
{
    return put(name, value, true);
}

static bool get(const char name[], char value[], int size, bool in_job)
{
    bool own;
    const char *key = key_of(name, &own);
    for (int i = 0; i < server.count; i++) {
        if (!strcmp(server.entries[i].name, key) && (in_job ? server.entries[i].in_job : server.entries[i].on_node)) {
            snprintf(value, (size_t)size, "%s", server.entries[i].value);
            return true;
        }
    }
    return false;
}

/* Ranks 0 and 1 are on one node; a question for another's attribute would wait for ever. */
static int get_node_attr(const char name[], char value[], int size, int *found, int wait)
{
    assert_true(wait && strtol(name, NULL, 10) < 2);
    *found = get(name, value, size, false);
    return 0;
}

static int get_kvs(const char *job, int source, const char key[], char value[], int size, int *len)
{
    (void)source;
    assert_string_equal(job, "123.4");
    bool found = strtol(key, NULL, 10) >= 2 && get(key, value, size, true);
    *len = found ? (int)strlen(value) : -1;
    return found ? 0 : NOT_THERE;
}

/* By the build's -D these two are what the launcher takes for dlopen and dlsym. */
void *dlopen(const char *file, int mode)
{
    (void)mode;
    assert_string_equal(file, "libpmi2.so.0");
    return &server;
}

void *dlsym(void *restrict library, const char *restrict name)
{
    static const struct {
        const char *name;
        void (*function)(void);
    } functions[] = {
        {"PMI2_Init", (void (*)(void))init},
        {"PMI2_Finalize", (void (*)(void))take_leave},
        {"PMI2_Abort", (void (*)(void))end_all},
        {"PMI2_Job_GetId", (void (*)(void))get_id},
        {"PMI2_Info_GetJobAttr", (void (*)(void))get_job_attr},
        {"PMI2_Info_PutNodeAttr", (void (*)(void))put_node_attr},
        {"PMI2_Info_GetNodeAttr", (void (*)(void))get_node_attr},
        {"PMI2_KVS_Put", (void (*)(void))put_kvs},
        {"PMI2_KVS_Get", (void (*)(void))get_kvs},
        {"PMI2_KVS_Fence", (void (*)(void))nothing},
    };
    assert_ptr_equal(library, &server);
    for (size_t i = 0; i < TRI_COUNT_OF(functions); i++) {
        if (!strcmp(functions[i].name, name)) {
            return *(void *const *)&functions[i].function;
        }
    }
    return NULL;
}

static struct tri_job job;

static int connect_as(int rank, int size, const char *mapping)
{
    char message[400];
    server.rank = rank;
    server.size = size;
    server.mapping = mapping;
    free(job.local);
    job.local = NULL;
    return tri_launcher_pmi2.connect(&job, message, sizeof message);
}

/* Each rank's node, and the ranks of this one's. In a process of its own, since the library connects once; at its end
 * it takes leave of the server. */
static void expect_nodes(int rank, const char *mapping, const char *nodes)
{
    int size = (int)strlen(nodes), status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        bool right = connect_as(rank, size, mapping) == 0 && job.rank == rank && job.size == size;
        int local = 0;
        for (int i = 0; right && i < size; i++) {
            right = tri_launcher_pmi2.node_of(i) == nodes[i] - '0' &&
                    (nodes[i] != nodes[rank] || (local < job.local_count && job.local[local++] == i));
        }
        server.verdict = !(right && local == job.local_count && !strcmp(job.name, "slurm-123.4"));
        tri_launcher_pmi2.disconnect();
        exit(2);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (status) {
        fail_msg("%s is not taken for %s", mapping, nodes);
    }
}

static void test_presence(void **state)
{
    (void)state;
    setenv("PMI_FD", "9", 1);
    setenv("PMI_JOBID", "123.4", 1);
    unsetenv("SLURM_STEP_ID");
    assert_false(tri_launcher_pmi2.present()); /* MPICH's mpiexec */
    setenv("SLURM_STEP_ID", "4", 1);
    assert_true(tri_launcher_pmi2.present());
    unsetenv("PMI_FD");
    assert_false(tri_launcher_pmi2.present()); /* srun --mpi=none */
}

static void test_mapping(void **state)
{
    (void)state;
    expect_nodes(0, "(vector,(0,1,1))", "0");
    expect_nodes(3, "(vector,(0,2,3))", "000111");
    expect_nodes(2, "(vector,(0,1,2),(1,1,1))", "001");
    expect_nodes(1, "(vector,(0,3,1),(0,2,2))", "0120011");
    expect_nodes(2, "(vector,(0,2,1))", "01010");
    expect_nodes(4, "(vector,(2,2,2),(0,2,1))", "22330122");
}

static void test_no_mapping(void **state)
{
    (void)state;
    static const char *const wrong[] = {NULL, "", "(vector)", "(vector,(0,1))", "(vector,(0,0,1))", "(vector,(0,1,0))"};
    for (size_t i = 0; i < TRI_COUNT_OF(wrong); i++) {
        int status;
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            _exit(connect_as(0, 2, wrong[i]) != -1);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }
}

/* Values around the length of a piece, asked of a process of this node and of another. */
static void test_values(void **state)
{
    static const size_t lengths[] = {0, 1, 479, 480, 481, 959, 960, 961, 5000};
    static unsigned char sent[5000], seen[5001];
    (void)state;
    for (size_t i = 0; i < sizeof sent; i++) {
        sent[i] = (unsigned char)(i * 7 + i / 256);
    }
    assert_int_equal(connect_as(1, 4, "(vector,(0,2,2))"), 0);
    for (size_t i = 0; i < TRI_COUNT_OF(lengths); i++) {
        char key[20];
        snprintf(key, sizeof key, "key%zu", i);
        assert_int_equal(tri_launcher_pmi2.publish(key, sent, lengths[i]), 0);
        for (int rank = 0; rank < 4; rank++) {
            memset(seen, 0x55, sizeof seen);
            assert_int_equal(tri_launcher_pmi2.lookup(rank, key, seen, sizeof seen - 1), lengths[i]);
            assert_memory_equal(seen, sent, lengths[i]);
            assert_int_equal(seen[lengths[i]], 0x55);
            if (lengths[i] > 0) {
                seen[lengths[i] - 1] = 0x55;
                assert_int_equal(tri_launcher_pmi2.lookup(rank, key, seen, lengths[i] - 1), -1);
                assert_int_equal(seen[lengths[i] - 1], 0x55);
            }
        }
    }
    assert_int_equal(tri_launcher_pmi2.lookup(2, "other", seen, sizeof seen), -1);
}

/* A job that begins anew does not see what the one before it said. */
static void test_second_life(void **state)
{
    int value = 1;
    (void)state;
    assert_int_equal(tri_launcher_pmi2.publish("again", &value, sizeof value), 0);
    assert_int_equal(tri_launcher_pmi2.lookup(2, "again", &value, sizeof value), sizeof value);
    tri_launcher_pmi2.disconnect();
    assert_int_equal(connect_as(1, 4, NULL), 0);
    assert_int_equal(tri_launcher_pmi2.lookup(2, "again", &value, sizeof value), -1);
}

static void test_abort(void **state)
{
    (void)state;
    tri_launcher_pmi2.abort(7, "why");
    assert_int_equal(server.aborted, 1);
    assert_string_equal(server.message, "MPI_Abort with code 7: why");
    free(job.local);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_presence), cmocka_unit_test(test_mapping),     cmocka_unit_test(test_no_mapping),
        cmocka_unit_test(test_values),   cmocka_unit_test(test_second_life), cmocka_unit_test(test_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
