// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Text } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { Section } from "../parts/Section";
import { install, readInstallable, watchInstallable } from "../worker/install";

/* These pages as an app, into which other apps share documents; where the browser offers no button, its menu has it. */
export function Install() {
    const { t } = useTranslation("set-up");
    const isInstallable = useSyncExternalStore(watchInstallable, readInstallable);

    return (
        <Section title={t("app")} lead={t("appWords")}>
            {isInstallable ? (
                <Button variant="default" onClick={() => void install()} style={{ alignSelf: "flex-start" }}>
                    {t("install")}
                </Button>
            ) : (
                <Text size="sm">{t("installByMenu")}</Text>
            )}
        </Section>
    );
}
