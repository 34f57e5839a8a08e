// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { Name } from "../parts/Name";
import { type Left, leftOf, LOW_PERCENT } from "./level";

interface Thing {
    key: string;
    name: string;
    also?: string | undefined;
    left: Left;
}

/* How much is left: a bar where it was counted, and always in words. */
export function Levels({ of, label }: { of: readonly Thing[]; label: string }) {
    const { t } = useTranslation("printers");

    return (
        <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }} aria-label={label}>
            {of.map(({ key, name, also, left }) => (
                <Stack key={key} component="li" gap={2}>
                    <Group justify="space-between" wrap="nowrap" gap="xs">
                        <Name of={[name, also].filter(Boolean).join(", ")} size="sm" />
                        <Text size="sm" fw={600} style={{ whiteSpace: "nowrap" }}>
                            {"percent" in left ? `${left.percent} %` : t(`level.${left.word}`, { count: left.count ?? 0 })}
                        </Text>
                    </Group>
                    {"percent" in left && <Progress value={left.percent} color={left.percent < LOW_PERCENT ? "red" : "ink"} size="sm" aria-hidden />}
                </Stack>
            ))}
        </Stack>
    );
}

export { leftOf };
