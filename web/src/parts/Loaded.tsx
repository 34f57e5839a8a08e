// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Alert, Button, Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useComplaint } from "./complaint";

/* Of a query, or a list of usePaged(). */
interface Query<T> {
    data: T | undefined;
    error: unknown;
    refetch: () => unknown;
}

/* What a query has brought; until then its shape; and where it fails, why, with what was there before still there. */
export function Loaded<T>({ query, children }: { query: Query<T>; children: (data: T) => ReactNode }) {
    const { t } = useTranslation();
    const complaint = useComplaint();

    if (query.data === undefined && !query.error)
        return (
            <Stack role="status" aria-busy="true" aria-label={t("loading")}>
                <Skeleton h={56} />
                <Skeleton h={56} />
                <Skeleton h={56} />
            </Stack>
        );
    const said = query.error ? complaint(query.error) : null;
    return (
        <Stack>
            {said && (
                <Alert color="red" title={said.title} role="alert">
                    <Stack align="flex-start" gap="xs">
                        {said.detail}
                        <Button size="compact-sm" variant="default" onClick={() => query.refetch()}>
                            {t("again")}
                        </Button>
                    </Stack>
                </Alert>
            )}
            {query.data !== undefined && children(query.data)}
        </Stack>
    );
}
