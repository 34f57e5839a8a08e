// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

import { Loaded } from "./Loaded";
import { Section } from "./Section";
import { useAct } from "./useAct";

type Fields<T> = (form: T, set: (change: Partial<T>) => void) => ReactNode;

interface Props<T> {
    title: string;
    lead?: ReactNode;
    of: readonly string[]; // its key: "printers", the id, "ticket"
    read: () => Promise<T>;
    write: (form: T) => Promise<unknown>;
    again?: readonly string[]; // what is to be read again then, beside itself
    children: Fields<T>;
    below?: (kept: T) => ReactNode; // what goes by what is kept, not by what is being typed
}

/* What is changed and saved together, where it has been read already. */
export function KeptForm<T>({ kept, of, write, again = [], children }: { kept: T } & Pick<Props<T>, "of" | "write" | "again" | "children">) {
    const { t } = useTranslation();
    const { act, isBusy } = useAct();
    const [form, setForm] = useState(kept);

    function save(event: FormEvent) {
        event.preventDefault();
        void act(() => write(form), { again: [of[0]!, ...again], said: t("saved") });
    }

    return (
        <form onSubmit={save}>
            <Stack>
                {children(form, (change) => setForm((before) => ({ ...before, ...change })))}
                <Group>
                    <Button type="submit" variant="default" loading={isBusy}>
                        {t("save")}
                    </Button>
                </Group>
            </Stack>
        </form>
    );
}

/* Settings that are read, changed and saved together: a part of a page. */
export function Kept<T>({ title, lead, of, read, below, ...form }: Props<T>) {
    const found = useQuery({ queryKey: of, queryFn: read });

    return (
        <Section title={title} lead={lead}>
            <Loaded query={found}>
                {(kept) => (
                    <Stack>
                        <KeptForm kept={kept} of={of} {...form} />
                        {below?.(kept)}
                    </Stack>
                )}
            </Loaded>
        </Section>
    );
}
