// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";
import { names, useGroups, usePrinterGroups, useQueues, useSites } from "../parts/everything";

type Policy = Schemas["Policy"];

/* "Everybody, at site North: two-sided, and no more than 50 pages." */
export function useSentence(): (policy: Policy) => string {
    const { t, i18n } = useTranslation("policies");
    const groupOf = names(useGroups().data);
    const queueOf = names(useQueues().data);
    const siteOf = names(useSites().data);
    const setOf = names(usePrinterGroups().data);
    const list = new Intl.ListFormat(i18n.language, { type: "conjunction" });

    return (policy) => {
        const whom = [
            policy.group ? t("whom.group", { name: groupOf(policy.group) }) : t("whom.everybody"),
            policy.queue && t("whom.queue", { name: queueOf(policy.queue) }),
            policy.printer && t("whom.printer"),
            policy.printer_group && t("whom.printerGroup", { name: setOf(policy.printer_group) }),
            policy.site && t("whom.site", { name: siteOf(policy.site) }),
        ];
        const what = [
            policy.sides && t(`what.${policy.sides}`),
            policy.monochrome && t("what.monochrome"),
            policy.job_password && t("what.password"),
            policy.copies_max && t("what.copies", { count: policy.copies_max }),
            policy.pages_max && t("what.pages", { count: policy.pages_max }),
        ];
        return `${whom.filter(Boolean).join(", ")}: ${list.format(what.filter((word): word is string => !!word))}.`;
    };
}
