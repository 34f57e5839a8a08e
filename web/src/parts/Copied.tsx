// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Code, CopyButton, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";

/* Something to be taken elsewhere: a code, a command, an address; what names it is for who cannot see. */
export function Copied({ value, label }: { value: string; label: string }) {
    const { t } = useTranslation();

    return (
        <Group gap="xs" wrap="nowrap" align="center">
            <Code style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap", fontSize: "1rem" }}>{value}</Code>
            <CopyButton value={value}>
                {({ copied, copy }) => (
                    <Button size="compact-sm" variant="default" onClick={copy} aria-label={`${t("copy")}: ${label}`} style={{ flexShrink: 0 }}>
                        {t(copied ? "copied" : "copy")}
                    </Button>
                )}
            </CopyButton>
        </Group>
    );
}
