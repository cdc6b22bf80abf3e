# local.mk: makes the public functions of the library from the tables of the ABI.
# SPDX-License-Identifier: BSD-3-Clause
#
# Needs tri_api_sources, the files of src/api relative to the top, and $(PERL). A generated file
# changes only when its text does; the stamp tells make when the generator last looked.
tri_abi_tables = src/abi/constants.tsv src/abi/types.tsv src/abi/functions.tsv
tri_abi_generated = src/abi/api_protos.h src/abi/faces.c src/abi/function_table.c \
	src/abi/function_table.h src/abi/libmpi_abi.map

BUILT_SOURCES += $(tri_abi_generated)
CLEANFILES += $(tri_abi_generated) src/abi/faces.stamp
EXTRA_DIST += $(tri_abi_tables) src/abi/abi.pm src/abi/gen-header.pl src/abi/gen-faces.pl

src/abi/faces.stamp: $(tri_abi_tables) src/abi/abi.pm src/abi/gen-faces.pl $(tri_api_sources)
	$(AM_V_GEN)$(MKDIR_P) src/abi && \
	$(PERL) $(srcdir)/src/abi/gen-faces.pl --tables $(srcdir)/src/abi --out src/abi \
		--root $(srcdir) $(tri_api_sources) && \
	echo made >$@

# A generated file that was deleted by hand is made again.
$(tri_abi_generated): src/abi/faces.stamp
	@test -f $@ || { rm -f src/abi/faces.stamp && $(MAKE) $(AM_MAKEFLAGS) src/abi/faces.stamp; }
