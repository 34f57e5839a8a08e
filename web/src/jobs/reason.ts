// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useTranslation } from "react-i18next";

/* Why, in words; what has none yet is told as the service says it. */
export function useReason(): (reason: string | null | undefined) => string | null {
    const { t, i18n } = useTranslation("jobs");

    return (reason) => {
        if (!reason) return null;
        const word = reason.split(" ")[0]!;
        return i18n.exists(`jobs:reason.${word}`) ? t(`reason.${word}`) : t("reason.other", { reason });
    };
}
