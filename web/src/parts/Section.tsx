// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
    title: string;
    lead?: ReactNode;
    actions?: ReactNode;
    children: ReactNode;
}

/* A part of a page, with a heading of the second order. */
export function Section({ title, lead, actions, children }: Props) {
    return (
        <Paper component="section" withBorder p="md" aria-label={title}>
            <Stack gap="sm">
                <Group justify="space-between" align="flex-start" gap="xs">
                    <div>
                        <Title order={2} size="h4">
                            {title}
                        </Title>
                        {lead && (
                            <Text c="dimmed" size="sm" maw="42rem">
                                {lead}
                            </Text>
                        )}
                    </div>
                    {actions && <Group gap="xs">{actions}</Group>}
                </Group>
                {children}
            </Stack>
        </Paper>
    );
}
