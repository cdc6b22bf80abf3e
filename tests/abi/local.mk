# local.mk: tests of mpi.h, of the exported symbols, of the generator, and of mpcc.
# SPDX-License-Identifier: BSD-3-Clause
check_PROGRAMS += tests/abi/check-abi tests/abi/wrap-all
nodist_tests_abi_check_abi_SOURCES = tests/abi/check-abi.c
tests_abi_check_abi_CPPFLAGS = -I$(top_srcdir)/include
tests_abi_check_abi_LDADD = libmpi_abi.la

nodist_tests_abi_wrap_all_SOURCES = tests/abi/wrap-all.c
tests_abi_wrap_all_CPPFLAGS = -I$(top_srcdir)/include
# Exported, as those of a tool in a library are: then a call from within the library would be seen.
tests_abi_wrap_all_CFLAGS = $(AM_CFLAGS) -fvisibility=default
tests_abi_wrap_all_LDFLAGS = -export-dynamic $(AM_LDFLAGS)
tests_abi_wrap_all_LDADD = libmpi_abi.la

TESTS += tests/abi/check-abi tests/abi/wrap-all tests/abi/test-header.sh tests/abi/test-symbols.sh \
	tests/abi/test-faces.sh tests/abi/test-mpcc.sh
EXTRA_DIST += tests/abi/gen-check.pl tests/abi/gen-wrap.pl tests/abi/test-header.sh tests/abi/test-symbols.sh \
	tests/abi/test-faces.sh tests/abi/test-mpcc.sh tests/abi/sample/api.h \
	tests/abi/sample/sample.c tests/abi/sample/use.c tests/abi/sample/expected.txt
CLEANFILES += tests/abi/check-abi.c tests/abi/wrap-all.c

tests/abi/check-abi.c: $(tri_abi_tables) src/abi/abi.pm tests/abi/gen-check.pl
	$(AM_V_GEN)$(MKDIR_P) tests/abi && \
	$(PERL) $(srcdir)/tests/abi/gen-check.pl $(srcdir)/src/abi c >$@.new && mv $@.new $@

tests/abi/wrap-all.c: $(tri_abi_tables) src/abi/abi.pm tests/abi/gen-wrap.pl
	$(AM_V_GEN)$(MKDIR_P) tests/abi && \
	$(PERL) $(srcdir)/tests/abi/gen-wrap.pl $(srcdir)/src/abi >$@.new && mv $@.new $@
