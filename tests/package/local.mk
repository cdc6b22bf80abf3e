# local.mk: the Debian package.
# SPDX-License-Identifier: BSD-3-Clause
TESTS += tests/package/test-deb.sh
dist_check_SCRIPTS += tests/package/test-deb.sh
EXTRA_DIST += debian
