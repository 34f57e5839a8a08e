// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Paper, Stack } from "@mantine/core";
import { type ComponentType, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { Confirm } from "./Confirm";
import { Empty } from "./Empty";
import { Loaded } from "./Loaded";
import { More } from "./More";
import { Page } from "./Page";
import { useAct } from "./useAct";
import type { usePaged } from "./usePaged";

interface Frame {
    title: string;
    lead?: ReactNode;
    actions?: ReactNode;
    children: ReactNode;
}

interface Props<T> {
    words: (key: string) => string; // title, lead, add, none, noneHint, delete.title, delete.words: those of the feature
    as?: ComponentType<Frame>; // a Page, or a Section of one
    of: ReturnType<typeof usePaged<T>>;
    name: (item: T) => string; // which one, for who hears a button alone
    Row: ComponentType<{ of: T }>;
    Dialog?: ComponentType<{ of: T | null; close: () => void }>; // null: a new one
    canChange?: boolean; // there may be no way to change one
    remove: (item: T) => Promise<unknown>;
    deed?: string; // what that is called, where it is not deleting
    again: readonly string[]; // what is to be read again then
    children?: ReactNode; // below it
}

/* What there is of something; one is added, changed, deleted. */
export function Listing<T extends { id: string }>({ words, as: Outer = Page, of, name, Row, Dialog, canChange = true, remove, deed, again, children }: Props<T>) {
    const { t } = useTranslation();
    const { act, isBusy } = useAct();
    const [shown, setShown] = useState<T | "new" | null>(null);
    const [leaving, setLeaving] = useState<T | null>(null);
    const removing = deed ?? t("delete");

    async function leave() {
        await act(() => remove(leaving!), { again });
        setLeaving(null);
    }

    return (
        <Outer title={words("title")} lead={words("lead")} actions={Dialog && <Button onClick={() => setShown("new")}>{words("add")}</Button>}>
            <Loaded query={of.query}>
                {() =>
                    of.items?.length ? (
                        <Stack component="ul" gap={6} p={0} m={0} style={{ listStyle: "none" }} aria-label={words("title")}>
                            {of.items.map((item) => (
                                <Paper key={item.id} component="li" withBorder px="sm" py="xs">
                                    <Group justify="space-between" gap="xs" align="flex-start">
                                        <div style={{ minWidth: 0, flex: "1 1 16rem" }}>
                                            <Row of={item} />
                                        </div>
                                        <Group gap="xs">
                                            {Dialog && canChange && (
                                                <Button size="compact-sm" variant="default" onClick={() => setShown(item)} aria-label={`${t("edit")}: ${name(item)}`}>
                                                    {t("edit")}
                                                </Button>
                                            )}
                                            <Button size="compact-sm" variant="default" onClick={() => setLeaving(item)} aria-label={`${removing}: ${name(item)}`}>
                                                {removing}
                                            </Button>
                                        </Group>
                                    </Group>
                                </Paper>
                            ))}
                        </Stack>
                    ) : (
                        <Empty words={words("none")} hint={words("noneHint")} />
                    )
                }
            </Loaded>
            <More of={of} />
            {children}
            {Dialog && shown && <Dialog of={shown === "new" ? null : shown} close={() => setShown(null)} />}
            <Confirm
                opened={leaving !== null}
                title={words("delete.title")}
                words={words("delete.words")}
                deed={removing}
                busy={isBusy}
                close={() => setLeaving(null)}
                confirm={() => void leave()}
            />
        </Outer>
    );
}
