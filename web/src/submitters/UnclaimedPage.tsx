// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { useTranslation } from "react-i18next";

import { Page } from "../parts/Page";
import { Refused } from "./Refused";
import { Submitters } from "./Submitters";

/* Prints of which the service does not know whose they are, and how it comes to know. */
export default function UnclaimedPage() {
    const { t } = useTranslation("submitters");

    return (
        <Page title={t("page")} lead={t("pageLead")}>
            <Refused />
            <Submitters />
        </Page>
    );
}
