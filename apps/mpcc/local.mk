# local.mk: the compiler wrapper, mpcc, and its test of words.
# SPDX-License-Identifier: BSD-3-Clause
bin_PROGRAMS += apps/mpcc/mpcc
apps_mpcc_mpcc_SOURCES = apps/mpcc/mpcc.c apps/mpcc/words.c apps/mpcc/stage.c apps/mpcc/mpcc.h
apps_mpcc_mpcc_CPPFLAGS = -D_GNU_SOURCE \
	-DTRI_CC='"$(CC)"' -DTRI_VERSION='"$(PACKAGE_VERSION)"' -DTRI_PREFIX='"$(prefix)"' \
	-DTRI_BINDIR='"$(bindir)"' -DTRI_INCLUDEDIR='"$(includedir)"' -DTRI_LIBDIR='"$(libdir)"'
apps_mpcc_mpcc_LDADD =
