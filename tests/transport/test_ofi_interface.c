/* The ofi transport's choice among network interfaces. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../transports/ofi/ofi.h"

/* An interface with one address, and the fi_info that a provider would give for it. No such names exist on a machine,
 * so that the kernel knows neither a speed nor a number for them. */
struct sample {
    struct ifaddrs interface;
    struct sockaddr_storage address;
    struct fi_info info;
    struct fi_domain_attr domain;
};

enum { UP = IFF_UP | IFF_RUNNING };

static void make(struct sample *sample, char *name, const char *address, unsigned flags)
{
    struct sockaddr_in *four = (struct sockaddr_in *)&sample->address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&sample->address;
    memset(sample, 0, sizeof(*sample));
    if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        sample->info.addr_format = FI_SOCKADDR_IN;
    } else {
        assert_int_equal(inet_pton(AF_INET6, address, &six->sin6_addr), 1);
        six->sin6_family = AF_INET6;
        sample->info.addr_format = FI_SOCKADDR_IN6;
    }
    sample->interface.ifa_name = name;
    sample->interface.ifa_flags = flags;
    sample->interface.ifa_addr = (struct sockaddr *)&sample->address;
    sample->info.src_addr = &sample->address;
    sample->domain.name = name;
    sample->info.domain_attr = &sample->domain;
}

static int64_t rate(struct sample *sample, const char *wanted, bool one_node)
{
    return tri_ofi_rate_interface(&sample->info, &sample->interface, wanted, one_node);
}

static void test_order(void **state)
{
    struct sample plain, six, docker, down, loopback;
    (void)state;
    make(&plain, "xeth0", "10.1.2.3", UP);
    make(&six, "xeth0", "2001:db8::1", UP);
    make(&docker, "docker77", "172.17.0.1", UP);
    make(&down, "xeth1", "10.1.2.4", IFF_UP);
    make(&loopback, "xlo", "127.0.0.1", UP | IFF_LOOPBACK);
    assert_true(rate(&plain, "", false) < rate(&six, "", false));
    assert_true(rate(&six, "", false) < rate(&docker, "", false));
    assert_true(rate(&docker, "", false) < rate(&down, "", false));
    assert_true(rate(&down, "", false) < rate(&loopback, "", false));
    assert_true(rate(&loopback, "", false) < INT64_MAX);
    assert_true(rate(&loopback, "", true) < rate(&plain, "", true));
}

static void test_link_local(void **state)
{
    struct sample sample;
    (void)state;
    make(&sample, "xeth0", "fe80::1", UP);
    assert_true(rate(&sample, "", false) == INT64_MAX);
}

static void test_wanted(void **state)
{
    static const char *const fitting[] = {"xeth0",       "10.1.2.3",    "10.1.2.0/24",
                                          "10.1.0.0/15", "10.1.2.2/31", "0.0.0.0/0"};
    static const char *const others[] = {"xeth",      "10.1.2.30",  "10.1.3.0/24",   "10.1.2.0/31", "10.1.2.3/33",
                                         "10.1.2.3/", "10.1.2.3/x", "2001:db8::/32", "/",           "10.1.2.3/-1"};
    struct sample sample;
    (void)state;
    make(&sample, "xeth0", "10.1.2.3", UP);
    for (size_t i = 0; i < sizeof(fitting) / sizeof(*fitting); i++) {
        assert_true(rate(&sample, fitting[i], false) < INT64_MAX);
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        assert_true(rate(&sample, others[i], false) == INT64_MAX);
    }
    make(&sample, "docker77", "2001:db8::1", UP);
    assert_true(rate(&sample, "docker77", false) < INT64_MAX);
    assert_true(rate(&sample, "2001:db8::/32", false) < INT64_MAX);
    assert_true(rate(&sample, "2001:db9::/32", false) == INT64_MAX);
}

/* A device without an internet address is known by its domain's name. */
static void test_device(void **state)
{
    struct sample sample;
    (void)state;
    make(&sample, "mlx9_0", "10.1.2.3", UP);
    sample.info.addr_format = FI_ADDR_EFA;
    assert_true(rate(&sample, "", false) == 0);
    assert_true(rate(&sample, "mlx9_0", false) == 0);
    assert_true(rate(&sample, "mlx9_1", false) == INT64_MAX);
}

static void test_description(void **state)
{
    struct sample sample;
    char text[128];
    (void)state;
    make(&sample, "xeth0", "10.1.2.3", UP);
    tri_ofi_describe_interface(&sample.info, &sample.interface, text, sizeof(text));
    assert_string_equal(text, "interface xeth0, address 10.1.2.3");
}

/* Bytes that this process has read so far. */
static long long bytes_read(void)
{
    long long bytes = -1;
    FILE *file = fopen("/proc/self/io", "re");
    if (file) {
        assert_int_equal(fscanf(file, "rchar: %lld", &bytes), 1);
        fclose(file);
    }
    return bytes;
}

/* The kernel's symbols, which some versions of libfabric read twice, are about 8 MB. */
static void test_start_reads_little(void **state)
{
    struct fi_info *list = NULL;
    long long before = bytes_read();
    (void)state;
    if (before < 0) {
        skip();
    }
    tri_ofi_start_getinfo(NULL, &list);
    assert_in_range(bytes_read() - before, 0, 1 << 20);
    fi_freeinfo(list);
    /* What is not the first call goes on as ever. */
    FILE *symbols = fopen("/proc/kallsyms", "re");
    assert_true(symbols != NULL || access("/proc/kallsyms", R_OK) != 0);
    if (symbols) {
        fclose(symbols);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),  cmocka_unit_test(test_link_local),  cmocka_unit_test(test_wanted),
        cmocka_unit_test(test_device), cmocka_unit_test(test_description),
        cmocka_unit_test(test_start_reads_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
