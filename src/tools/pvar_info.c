/* Asking for performance variables (MPI 5.0, 15.3.7). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "pvar.h"

TRI_API_VALUE(int, T_pvar_get_num)(int *num_pvar)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(num_pvar);
    *num_pvar = tri_pvar_count;
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_pvar_get_info)
(int pvar_index, char *name, int *name_len, int *verbosity, int *var_class, MPI_Datatype *datatype,
 MPI_T_enum *enumtype, char *desc, int *desc_len, int *bind, int *readonly, int *continuous, int *atomic)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_INDEX(pvar_index, tri_pvar_count);
    const struct tri_pvar *row = &tri_pvars[pvar_index];
    tri_tools_text(row->name, name, name_len);
    tri_tools_text(row->meaning, desc, desc_len);
    TRI_TOOLS_SET(verbosity, row->verbosity);
    TRI_TOOLS_SET(var_class, row->class);
    TRI_TOOLS_SET(datatype, row->class == MPI_T_PVAR_CLASS_TIMER ? MPI_DOUBLE : MPI_UNSIGNED_LONG_LONG);
    TRI_TOOLS_SET(enumtype, MPI_T_ENUM_NULL);
    TRI_TOOLS_SET(bind, row->of_comm ? MPI_T_BIND_MPI_COMM : MPI_T_BIND_NO_OBJECT);
    TRI_TOOLS_SET(readonly, tri_pvar_is_state(row));
    TRI_TOOLS_SET(continuous, tri_pvar_is_state(row));
    TRI_TOOLS_SET(atomic, !tri_pvar_is_state(row));
    return MPI_SUCCESS;
}

TRI_API_VALUE(int, T_pvar_get_index)(const char *name, int var_class, int *pvar_index)
{
    TRI_TOOLS_CHECK_ON();
    TRI_TOOLS_CHECK_POINTER(name);
    TRI_TOOLS_CHECK_POINTER(pvar_index);
    for (int i = 0; i < tri_pvar_count; i++) {
        if (tri_pvars[i].class == var_class && !strcmp(tri_pvars[i].name, name)) {
            *pvar_index = i;
            return MPI_SUCCESS;
        }
    }
    return MPI_T_ERR_INVALID_NAME;
}
