# local.mk: parts of the suite under the sanitizers of the compiler, out of tree.
# SPDX-License-Identifier: BSD-3-Clause
sanitize_scripts = tests/sanitize/run-tsan.sh tests/sanitize/run-asan.sh
TESTS += $(sanitize_scripts)
dist_check_SCRIPTS += $(sanitize_scripts)
EXTRA_DIST += tests/sanitize/common.sh tests/sanitize/lsan.supp tests/sanitize/matrix \
	tests/sanitize/matrix-nodes tests/sanitize/matrix-threads
