# local.mk: mpinfo.
# SPDX-License-Identifier: BSD-3-Clause
bin_PROGRAMS += apps/mpinfo/mpinfo
apps_mpinfo_mpinfo_SOURCES = apps/mpinfo/attach.c apps/mpinfo/check.c apps/mpinfo/helper.c apps/mpinfo/helper.h \
	apps/mpinfo/list.c apps/mpinfo/machine.c apps/mpinfo/mpinfo.c apps/mpinfo/mpinfo.h apps/mpinfo/probe.c \
	apps/mpinfo/probe.h apps/mpinfo/transports.c \
	apps/mprun/head/hosts.c apps/mprun/head/hosts.h apps/mprun/head/slurm.c apps/mprun/head/slurm.h \
	apps/mprun/place/place_cpus.c apps/mprun/place/place_cpus.h apps/mprun/place/place_hwloc.c \
	apps/mprun/place/place_hwloc.h apps/mprun/place/place_machine.c apps/mprun/place/place_machine.h \
	apps/mprun/place/place_sysfs.c apps/mprun/place/place_sysfs.h apps/mprun/util.c apps/mprun/util.h \
	apps/mprun/wire/remote.c apps/mprun/wire/remote.h \
	src/runtime/network.c src/runtime/network.h src/runtime/topology.c src/runtime/topology.h \
	src/runtime/variables.c src/runtime/variables.h src/runtime/variables_file.c src/runtime/variables_file.h
nodist_apps_mpinfo_mpinfo_SOURCES = apps/mpinfo/build.h src/abi/function_table.c src/abi/function_table.h
apps_mpinfo_mpinfo_CPPFLAGS = $(AM_CPPFLAGS) $(HWLOC_CFLAGS) $(mprun_includes) -iquote $(top_srcdir)/src/runtime -Iapps/mpinfo -Isrc/abi -I$(top_builddir)/src/abi -DTRI_CC='"$(CC)"' \
	-DTRI_PREFIX='"$(prefix)"' -DTRI_MODULE_DIR='"$(pkglibdir)"'
apps_mpinfo_mpinfo_LDADD = $(HWLOC_LIBS) -ldl

# The page's variables are those of the table.
man_MANS += docs/trireme.7
EXTRA_DIST += docs/trireme.7.in
CLEANFILES += docs/trireme.7
docs/trireme.7: $(top_srcdir)/docs/trireme.7.in apps/mpinfo/mpinfo$(EXEEXT)
	$(AM_V_GEN)mkdir -p docs && { sed '/@VARIABLES@/,$$d' $(top_srcdir)/docs/trireme.7.in && \
		apps/mpinfo/mpinfo$(EXEEXT) --manual && \
		sed '1,/@VARIABLES@/d' $(top_srcdir)/docs/trireme.7.in; } >$@-t && mv $@-t $@
