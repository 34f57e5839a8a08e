// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Card, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

export function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
    return (
        <Card withBorder padding="md" component="section" aria-label={title}>
            <Stack gap="sm">
                <div>
                    <Title order={2} size="h4">
                        {title}
                    </Title>
                    {lead && (
                        <Text size="sm" c="dimmed">
                            {lead}
                        </Text>
                    )}
                </div>
                {children}
            </Stack>
        </Card>
    );
}
