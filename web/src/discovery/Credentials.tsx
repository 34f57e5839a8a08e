// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Checkbox, Fieldset, Group, PasswordInput, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../api/client";

type Shown = Schemas["DiscoveryCredentialShown"];
type Wanted = Schemas["DiscoveryCredential"];

const VERSIONS = { "1": "SNMP 1", "2c": "SNMP 2c", "3": "SNMP 3" } as const;
const AUTHS = ["sha-256", "sha-512", "sha-384", "sha-224", "sha-1", "md5"] as const;
const PRIVACIES = ["aes-128", "aes-256", "aes-192", "aes-256-c", "aes-192-c"] as const;
/* What most printers take as they come from their makers. */
export const START: Wanted = { version: "2c", community: "public" };

interface Props {
    shown: readonly Shown[]; // those that are there
    wanted: readonly Wanted[] | null | undefined; // those that take their place; undefined: nobody wants others
    set: (wanted: Wanted[] | null) => void;
}

function One({ credential, set, remove, number }: { credential: Wanted; set: (wanted: Wanted) => void; remove: () => void; number: number }) {
    const { t } = useTranslation("discovery");
    const isThree = credential.version === "3";
    const change = (part: Partial<Wanted>) => set({ ...credential, ...part });

    return (
        <Fieldset legend={t("credential.one", { number })}>
            <SimpleGrid cols={{ base: 1, sm: 3 }}>
                <Select
                    label={t("credential.version")}
                    allowDeselect={false}
                    data={Object.entries(VERSIONS).map(([value, label]) => ({ value, label }))}
                    value={credential.version}
                    onChange={(version) => set(version === "3" ? { version: "3", user: "" } : { version: version as "1" | "2c", community: "" })}
                />
                {!isThree && (
                    <PasswordInput label={t("credential.community")} required maxLength={64} value={credential.community ?? ""} onChange={(event) => change({ community: event.currentTarget.value })} />
                )}
                {isThree && (
                    <>
                        <TextInput label={t("credential.user")} required maxLength={32} value={credential.user ?? ""} onChange={(event) => change({ user: event.currentTarget.value })} />
                        <TextInput label={t("credential.context")} maxLength={32} value={credential.context ?? ""} onChange={(event) => change({ context: event.currentTarget.value || null })} />
                        <Select
                            label={t("credential.auth")}
                            clearable
                            placeholder={t("shell:none")}
                            data={AUTHS.map((value) => ({ value, label: value.toUpperCase() }))}
                            value={credential.auth?.protocol ?? null}
                            onChange={(value) => change({ auth: value ? { protocol: value as (typeof AUTHS)[number], passphrase: credential.auth?.passphrase ?? "" } : null })}
                        />
                        {credential.auth && (
                            <PasswordInput
                                label={t("credential.authPassphrase")}
                                required
                                minLength={8}
                                maxLength={255}
                                value={credential.auth.passphrase}
                                onChange={(event) => change({ auth: { ...credential.auth!, passphrase: event.currentTarget.value } })}
                            />
                        )}
                        <Select
                            label={t("credential.privacy")}
                            clearable
                            placeholder={t("shell:none")}
                            disabled={!credential.auth}
                            data={PRIVACIES.map((value) => ({ value, label: value.toUpperCase() }))}
                            value={credential.privacy?.protocol ?? null}
                            onChange={(value) => change({ privacy: value ? { protocol: value as (typeof PRIVACIES)[number], passphrase: credential.privacy?.passphrase ?? "" } : null })}
                        />
                        {credential.privacy && (
                            <PasswordInput
                                label={t("credential.privacyPassphrase")}
                                required
                                minLength={8}
                                maxLength={255}
                                value={credential.privacy.passphrase}
                                onChange={(event) => change({ privacy: { ...credential.privacy!, passphrase: event.currentTarget.value } })}
                            />
                        )}
                    </>
                )}
            </SimpleGrid>
            <Group mt="sm" justify="space-between">
                <Checkbox label={t("credential.write")} checked={credential.write ?? false} onChange={(event) => change({ write: event.currentTarget.checked })} />
                <Button size="compact-sm" variant="default" onClick={remove} aria-label={`${t("shell:delete")}: ${t("credential.one", { number })}`}>
                    {t("shell:delete")}
                </Button>
            </Group>
        </Fieldset>
    );
}

/* What an agent shows to devices that it asks by SNMP. What is kept is shown to nobody; others take the place of all of it. */
export function Credentials({ shown, wanted, set }: Props) {
    const { t } = useTranslation("discovery");

    if (!wanted)
        return (
            <Group justify="space-between" align="flex-end">
                <div>
                    <Text size="sm" fw={500}>
                        {t("credential.title")}
                    </Text>
                    <Text size="sm" c="dimmed">
                        {shown.length
                            ? shown.map((one) => [VERSIONS[one.version], one.user, one.write ? t("credential.writes") : null].filter(Boolean).join(" ")).join(", ")
                            : t("credential.none")}
                    </Text>
                </div>
                <Button variant="default" size="compact-sm" onClick={() => set([START])}>
                    {t("credential.others")}
                </Button>
            </Group>
        );
    return (
        <Stack gap="sm">
            {wanted.map((credential, i) => (
                <One
                    key={i}
                    number={i + 1}
                    credential={credential}
                    set={(next) => set(wanted.map((one, at) => (at === i ? next : one)))}
                    remove={() => set(wanted.filter((_, at) => at !== i))}
                />
            ))}
            <Group>
                <Button variant="default" size="compact-sm" onClick={() => set([...wanted, START])}>
                    {t("credential.more")}
                </Button>
            </Group>
        </Stack>
    );
}
