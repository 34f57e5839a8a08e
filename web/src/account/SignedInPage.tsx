// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Page } from "../parts/Page";

/* Where a window ends that was opened to sign in again; the one behind it goes on. */
export default function SignedInPage() {
    const { t } = useTranslation("account");

    return (
        <Page title={t("signedIn.title")} lead={t("signedIn.words")} size="sm">
            <Group>
                <Button onClick={() => window.close()}>{t("shell:close")}</Button>
                <Text size="sm" c="dimmed">
                    {t("signedIn.other")}
                </Text>
            </Group>
        </Page>
    );
}
