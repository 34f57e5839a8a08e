// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

/* What waits, and what is over. */
export function JobTabs() {
    const { t } = useTranslation("jobs");
    const [path, go] = useLocation();

    return (
        <Tabs value={path} onChange={(to) => to && go(to)} component="nav" aria-label={t("title")}>
            <Tabs.List>
                <Tabs.Tab value="/">{t("waiting")}</Tabs.Tab>
                <Tabs.Tab value="/jobs">{t("past")}</Tabs.Tab>
            </Tabs.List>
        </Tabs>
    );
}
