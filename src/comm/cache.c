/* Attributes of communicators at dup, free and finalize. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "comm.h"

int tri_comm_copy_attributes(struct tri_comm *from, struct tri_comm *to)
{
    const char *function = tri_errhandler_function;
    int code = tri_attributes_copy(&from->attributes, from->handle, &to->attributes, to->handle);
    return code == MPI_SUCCESS ? code : tri_error_of_callback(from, function, code, "copy");
}

int tri_comm_delete_attributes(struct tri_comm *comm)
{
    const char *function = tri_errhandler_function;
    int code = tri_attributes_delete(&comm->attributes, comm->handle);
    return code == MPI_SUCCESS ? code : tri_error_of_callback(comm, function, code, "delete");
}

int tri_comm_end_attributes(void)
{
    struct tri_comm *const predefined[] = {&tri_comm_self, &tri_comm_world};
    int result = MPI_SUCCESS;
    for (size_t i = 0; i < TRI_COUNT_OF(predefined); i++) {
        int code = tri_attributes_end(&predefined[i]->attributes, predefined[i]->handle);
        if (code != MPI_SUCCESS) {
            result = tri_error_of_callback(predefined[i], "MPI_Finalize", code, "delete");
        }
    }
    return result;
}
