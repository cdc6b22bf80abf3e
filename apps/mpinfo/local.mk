# local.mk: mpinfo.
# SPDX-License-Identifier: BSD-3-Clause
bin_PROGRAMS += apps/mpinfo/mpinfo
apps_mpinfo_mpinfo_SOURCES = apps/mpinfo/mpinfo.c src/runtime/variables.c src/runtime/variables.h
nodist_apps_mpinfo_mpinfo_SOURCES = src/abi/function_table.c src/abi/function_table.h
apps_mpinfo_mpinfo_CPPFLAGS = $(AM_CPPFLAGS) -Isrc/abi -I$(top_builddir)/src/abi -DTRI_CC='"$(CC)"' \
	-DTRI_PREFIX='"$(prefix)"' -DTRI_MODULE_DIR='"$(pkglibdir)"'
