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
 * What went wrong, in the reader's language where we have words for its code ("problems:CODE"),
 * otherwise as the service says it.
 */
export function useComplaint(): (error: unknown) => Complaint {
    const { t, i18n } = useTranslation();

    return useCallback(
        (error: unknown) => {
            const code = error instanceof Problem ? error.code : "page";
            if (code && i18n.exists(`problems:${code}.title`)) return { title: t(`problems:${code}.title`), detail: t(`problems:${code}.detail`) };
            if (!(error instanceof Problem)) return { title: String(error), detail: "" };
            return { title: error.message, detail: error.detail };
        },
        [t, i18n],
    );
}

/* For what was pressed and did not go: said at the edge, and read out. */
export function useComplain(): (error: unknown) => void {
    const complaint = useComplaint();
    const { t } = useTranslation();

    return useCallback(
        (error: unknown) => {
            const { title, detail } = complaint(error);
            const closeButtonProps = { "aria-label": t("close") };
            notifications.show({ title, message: detail, color: "red", autoClose: 12_000, role: "alert", closeButtonProps });
        },
        [complaint, t],
    );
}
