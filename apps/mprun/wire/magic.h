/* magic.h: the first line that mprund prints. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TRI_MPRUN_MAGIC_H
#define TRI_MPRUN_MAGIC_H

#define TRI_MAGIC "TRIREME-MPRUND-READY"
/* Protocol version. */
#define TRI_MAGIC_FORMAT TRI_MAGIC " %u"
/* Printed in its place by the start command when there is no mprund. */
#define TRI_MAGIC_MISSING "TRIREME-MPRUND-MISSING"

#endif
