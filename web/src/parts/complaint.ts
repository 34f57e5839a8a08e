// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { notifications } from "@mantine/notifications";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "../api/problem";

export interface Complaint {
    title: string;
    detail: string;
}

/*
 * What went wrong, in the reader's language where we have words for its code ("problem.CODE" of the shell's words),
 * otherwise as the service says it.
 */
export function useComplaint(): (error: unknown) => Complaint {
    const { t, i18n } = useTranslation();

    return useCallback(
        (error: unknown) => {
            if (!(error instanceof Problem)) return { title: t("problem.page.title"), detail: t("problem.page.detail") };
            const key = `problem.${error.code}`;
            if (error.code && i18n.exists(`shell:${key}.title`)) return { title: t(`${key}.title`), detail: t(`${key}.detail`) };
            return { title: error.message, detail: error.detail };
        },
        [t, i18n],
    );
}

/* For what was pressed and did not go: said at the edge, and read out. */
export function useComplain(): (error: unknown) => void {
    const complaint = useComplaint();

    return useCallback(
        (error: unknown) => {
            const { title, detail } = complaint(error);
            notifications.show({ title, message: detail, color: "red", autoClose: 12_000, role: "alert" });
        },
        [complaint],
    );
}
