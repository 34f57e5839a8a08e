// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Anchor, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { Page } from "../parts/Page";

export function NotFound() {
    const { t } = useTranslation();

    return (
        <Page title={t("notFound.title")}>
            <Text>
                {t("notFound.words")}{" "}
                <Anchor component={Link} href="/">
                    {t("notFound.home")}
                </Anchor>
            </Text>
        </Page>
    );
}
