// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { useIsLost } from "./stream";

/* What is shown may be old: said, and taken back by itself. */
export function Lost() {
    const { t } = useTranslation();
    const isLost = useIsLost();

    return (
        <div role="status">
            {isLost && (
                <Alert color="yellow" variant="light" mb="md" icon={<IconPlugConnectedX aria-hidden />}>
                    {t("live.lost")}
                </Alert>
            )}
        </div>
    );
}
