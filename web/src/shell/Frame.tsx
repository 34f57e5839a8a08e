// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { AppShell, Box, Burger, Button, Group, Menu, Text, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCode, IconLanguage, IconLogout, IconMoon, IconSun, IconUserCircle } from "@tabler/icons-react";
import { type ComponentType, lazy, type ReactNode, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { api } from "../api/client";
import { Name } from "../parts/Name";
import { chooseLanguage, known } from "../words";
import { Entries, useEntries } from "./Entries";
import type { Feature } from "./feature";
import { useMe } from "./me";
import { useScheme } from "./scheme";

const Calls = lazy(() => import("./Calls"));

interface Props {
    features: readonly Feature[];
    Administration: ComponentType<{ features: readonly Feature[]; close: () => void }> | null; // its part of the navigation
}

function Navigation({ features, Administration, close }: Props & { close: () => void }) {
    const { t } = useTranslation();
    const entries = useEntries(features);

    return (
        <Box component="nav" aria-label={t("navigation")} h="100%" style={{ overflowY: "auto" }}>
            <Entries of={entries.filter((entry) => !entry.part)} close={close} />
            {Administration && <Administration features={features} close={close} />}
        </Box>
    );
}

async function leave() {
    await api.DELETE("/v1/sessions/{session}", { params: { path: { session: "current" } } });
    location.assign("/sign-in");
}

function Person({ showCalls }: { showCalls: () => void }) {
    const { t, i18n } = useTranslation();
    const { person } = useMe();
    const { isDark, turn } = useScheme();

    return (
        <Menu position="bottom-end" width={260}>
            <Menu.Target>
                <Button variant="subtle" color="gray" px="xs" leftSection={<IconUserCircle aria-hidden />}>
                    <VisuallyHidden>{t("account.menu")} </VisuallyHidden>
                    <Name of={person.name ?? person.email} maw="16rem" visibleFrom="sm" />
                </Button>
            </Menu.Target>
            <Menu.Dropdown>
                <Menu.Item component={Link} href="/me" leftSection={<IconUserCircle size={18} aria-hidden />}>
                    {t("account.settings")}
                </Menu.Item>
                <Menu.Item leftSection={isDark ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />} onClick={turn}>
                    {t(isDark ? "light" : "dark")}
                </Menu.Item>
                {Object.entries(known)
                    .filter(([language]) => language !== i18n.language)
                    .map(([language, name]) => (
                        <Menu.Item
                            key={language}
                            lang={language}
                            leftSection={<IconLanguage size={18} aria-hidden />}
                            onClick={() => chooseLanguage(language)}
                        >
                            {name}
                        </Menu.Item>
                    ))}
                <Menu.Item leftSection={<IconCode size={18} aria-hidden />} onClick={showCalls}>
                    {t("calls.show")}
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item leftSection={<IconLogout size={18} aria-hidden />} onClick={() => void leave()}>
                    {t("signOut")}
                </Menu.Item>
            </Menu.Dropdown>
        </Menu>
    );
}

export function Frame({ features, Administration, children }: Props & { children: ReactNode }) {
    const { t } = useTranslation();
    const { tenant } = useMe();
    const [isOpen, { toggle, close }] = useDisclosure();
    const [areCallsShown, calls] = useDisclosure();

    return (
        <AppShell
            header={{ height: 56 }}
            navbar={{ width: 240, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
            padding={{ base: "md", sm: "xl" }}
        >
            <a className="skip" href="#main">
                {t("skip")}
            </a>
            <AppShell.Header>
                <Group h="100%" px="md" gap="sm" wrap="nowrap">
                    <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t("navigation")} aria-expanded={isOpen} />
                    <img src="/assets/imprimatur.svg" width={28} height={28} alt="" />
                    <Text fw={700}>Imprimatur</Text>
                    <Name of={tenant.title ?? tenant.name} c="dimmed" visibleFrom="sm" />
                    <Group ms="auto" gap={4}>
                        <Person showCalls={calls.open} />
                    </Group>
                </Group>
            </AppShell.Header>
            <AppShell.Navbar p="xs">
                <Navigation features={features} Administration={Administration} close={close} />
            </AppShell.Navbar>
            <AppShell.Main id="main" tabIndex={-1}>
                {children}
            </AppShell.Main>
            <Suspense>{areCallsShown && <Calls close={calls.close} />}</Suspense>
        </AppShell>
    );
}
