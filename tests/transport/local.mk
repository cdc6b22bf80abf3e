# local.mk: one conformance suite over every transport.
# SPDX-License-Identifier: BSD-3-Clause
#
# Needs CMOCKA_CFLAGS and CMOCKA_LIBS. The harness stands in for the library, so nothing of it is linked but the
# transports themselves.
check_LTLIBRARIES += tests/transport/libconformance.la
tests_transport_libconformance_la_SOURCES = tests/transport/harness.c tests/transport/harness.h \
	tests/transport/conformance.c tests/transport/conformance.h tests/transport/packets.c \
	tests/transport/remote.c tests/transport/notify.c tests/transport/waiting.c tests/transport/lanes.c \
	tests/transport/lifetime.c
tests_transport_libconformance_la_CPPFLAGS = -D_GNU_SOURCE $(CMOCKA_CFLAGS)
tests_transport_libconformance_la_LIBADD = $(CMOCKA_LIBS)

transport_tests = tests/transport/test_self tests/transport/test_shm
transport_scripts = tests/transport/test_shm_copy.sh
if WITH_OFI
transport_tests += tests/transport/test_ofi tests/transport/test_ofi_trust \
	tests/transport/test_ofi_interface
transport_scripts += tests/transport/test_ofi_rxm.sh
endif
if WITH_UCX
transport_tests += tests/transport/test_ucx tests/transport/test_ucx_trust
transport_scripts += tests/transport/test_ucx_rendezvous.sh
endif
check_PROGRAMS += $(transport_tests)
TESTS += $(transport_tests) $(transport_scripts)
dist_check_SCRIPTS += $(transport_scripts)

tests_transport_test_self_SOURCES = tests/transport/test_self.c transports/self/self.c \
	transports/self/self.h
tests_transport_test_self_CPPFLAGS = -D_GNU_SOURCE
tests_transport_test_self_LDADD = tests/transport/libconformance.la

tests_transport_test_shm_SOURCES = tests/transport/test_shm.c transports/shm/shm.h \
	transports/shm/shm.c transports/shm/attach.c transports/shm/doorbell.c \
	transports/shm/endpoint.c transports/shm/numa.c transports/shm/numa.h transports/shm/receive.c transports/shm/segment.c \
	transports/shm/send.c src/runtime/cache.c src/runtime/membarrier.c src/runtime/membarrier.h
tests_transport_test_shm_CPPFLAGS = -D_GNU_SOURCE -I$(top_srcdir)/src
tests_transport_test_shm_LDADD = tests/transport/libconformance.la

tests_transport_test_ofi_SOURCES = tests/transport/test_ofi.c transports/laned.c \
	transports/laned.h
tests_transport_test_ofi_CPPFLAGS = -D_GNU_SOURCE
tests_transport_test_ofi_LDADD = tests/transport/libconformance.la transports/ofi/libofi.la

transport_trust = tests/transport/trust.c tests/transport/trust.h
tests_transport_test_ofi_trust_SOURCES = tests/transport/test_ofi_trust.c $(transport_trust)
tests_transport_test_ofi_trust_CPPFLAGS = -D_GNU_SOURCE $(LIBFABRIC_CFLAGS) $(CMOCKA_CFLAGS)
tests_transport_test_ofi_trust_LDADD = tests/transport/libconformance.la transports/ofi/libofi.la

tests_transport_test_ofi_interface_SOURCES = tests/transport/test_ofi_interface.c
tests_transport_test_ofi_interface_CPPFLAGS = -D_GNU_SOURCE $(LIBFABRIC_CFLAGS) $(CMOCKA_CFLAGS)
tests_transport_test_ofi_interface_LDADD = transports/ofi/libofi.la $(CMOCKA_LIBS)

tests_transport_test_ucx_SOURCES = tests/transport/test_ucx.c transports/laned.c \
	transports/laned.h
tests_transport_test_ucx_CPPFLAGS = -D_GNU_SOURCE
tests_transport_test_ucx_LDADD = tests/transport/libconformance.la transports/ucx/libucx.la

tests_transport_test_ucx_trust_SOURCES = tests/transport/test_ucx_trust.c $(transport_trust)
tests_transport_test_ucx_trust_CPPFLAGS = -D_GNU_SOURCE $(UCX_CFLAGS) $(CMOCKA_CFLAGS)
tests_transport_test_ucx_trust_LDADD = tests/transport/libconformance.la transports/ucx/libucx.la
