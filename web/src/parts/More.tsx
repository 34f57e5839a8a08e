// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface Props {
    of: { hasMore: boolean; more: () => void; isFetchingMore: boolean };
}

/* Below a list of usePaged() that goes on. */
export function More({ of }: Props) {
    const { t } = useTranslation();

    if (!of.hasMore) return null;
    return (
        <Button variant="default" loading={of.isFetchingMore} onClick={of.more} style={{ alignSelf: "flex-start" }}>
            {t("more")}
        </Button>
    );
}
