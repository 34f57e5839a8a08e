// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

/* Where there is nothing: why, and what to do about it. */
export function Empty({ words, hint, children }: { words: string; hint?: string; children?: ReactNode }) {
    return (
        <Paper withBorder p="xl">
            <Stack align="center" gap="xs">
                <Text fw={600} ta="center">
                    {words}
                </Text>
                {hint && (
                    <Text c="dimmed" ta="center" maw="40rem">
                        {hint}
                    </Text>
                )}
                {children}
            </Stack>
        </Paper>
    );
}
