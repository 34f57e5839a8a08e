// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useTranslation } from "react-i18next";

import { Confirm } from "../parts/Confirm";
import { useDeleteJobs } from "./calls";

/* Mounted when somebody is about to delete them. */
export default function DeleteJobs({ jobs, close, after }: { jobs: readonly string[]; close: () => void; after?: () => void }) {
    const { t } = useTranslation("jobs");
    const deleting = useDeleteJobs();
    const confirm = () => {
        deleting.mutate(jobs, {
            onSuccess: () => {
                close();
                after?.();
            },
        });
    };

    return (
        <Confirm
            opened
            title={t("delete.title", { count: jobs.length })}
            words={t("delete.words")}
            deed={t("shell:delete")}
            busy={deleting.isPending}
            close={close}
            confirm={confirm}
        />
    );
}
