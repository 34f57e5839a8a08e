// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

#include "door/ipp/operation.h"

#include "base/scope.h"
#include "ipp/names.h"

static const struct ipp_handler operations[] = {
        { IPP_PRINT_JOB, IPP_TARGET_PRINTER, RIGHT_SUBMIT, ipp_print_job_begin, ipp_print_job_end },
        { IPP_VALIDATE_JOB, IPP_TARGET_PRINTER, RIGHT_SUBMIT, ipp_validate_job, NULL },
        { IPP_CREATE_JOB, IPP_TARGET_PRINTER, RIGHT_SUBMIT, ipp_create_job, NULL },
        { IPP_SEND_DOCUMENT, IPP_TARGET_JOB, RIGHT_SUBMIT, ipp_send_document_begin, ipp_send_document_end },
        { IPP_CANCEL_JOB, IPP_TARGET_JOB, RIGHT_JOBS_DELETE, ipp_cancel_job, NULL },
        { IPP_GET_JOB_ATTRIBUTES, IPP_TARGET_JOB, RIGHT_JOBS_READ, ipp_get_job_attributes, NULL },
        { IPP_GET_JOBS, IPP_TARGET_PRINTER, RIGHT_JOBS_READ, ipp_get_jobs, NULL },
        { IPP_GET_PRINTER_ATTRIBUTES, IPP_TARGET_PRINTER, RIGHT_LOOK, ipp_get_printer_attributes, NULL },
        { IPP_HOLD_JOB, IPP_TARGET_JOB, RIGHT_JOBS_CHANGE, ipp_hold_job, NULL },
        { IPP_RELEASE_JOB, IPP_TARGET_JOB, RIGHT_RELEASE, ipp_release_job, NULL },
        { IPP_SET_JOB_ATTRIBUTES, IPP_TARGET_JOB, RIGHT_JOBS_CHANGE, ipp_set_job_attributes, NULL },
        { IPP_CANCEL_JOBS, IPP_TARGET_PRINTER, RIGHT_JOBS_DELETE, ipp_cancel_jobs, NULL },
        { IPP_CANCEL_MY_JOBS, IPP_TARGET_PRINTER, RIGHT_JOBS_DELETE, ipp_cancel_jobs, NULL },
        { IPP_CLOSE_JOB, IPP_TARGET_JOB, RIGHT_SUBMIT, ipp_close_job, NULL },
        { IPP_IDENTIFY_PRINTER, IPP_TARGET_PRINTER, RIGHT_SUBMIT, ipp_identify_printer, NULL },
        { IPP_GET_USER_PRINTER_ATTRIBUTES, IPP_TARGET_PRINTER, RIGHT_SUBMIT, ipp_get_printer_attributes,
          NULL },
};

const struct ipp_handler *ipp_handler_find(uint16_t code)
{
        for (size_t i = 0; i < ARRAY_LENGTH(operations); i++)
                if (operations[i].code == code)
                        return &operations[i];

        return NULL;
}

size_t ipp_handler_count(void)
{
        return ARRAY_LENGTH(operations);
}

const struct ipp_handler *ipp_handler_at(size_t i)
{
        return &operations[i];
}
