// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Center, Loader } from "@mantine/core";
import { type ComponentType, lazy, Suspense, useEffect, useMemo, useRef } from "react";
import { Route, Switch, useLocation } from "wouter";

import { forgetCalls } from "../api/calls";
import type { Feature, FeaturePage } from "./feature";
import { loadWords } from "../words";
import { NotFound } from "./NotFound";
import { Safe } from "./Safe";

interface Way {
    path: string;
    page: ComponentType;
}

/* What is said in more words is looked at first: "/printers/add" before "/printers/:printer". */
function rank(path: string): number {
    return path.split("/").reduce((sum, part) => sum * 3 + (part.startsWith(":") ? 1 : part === "*" ? 0 : 2), 0);
}

/* With its words, so that no part of it has to wait for them when somebody is in the middle of something. */
function withWords(of: Feature, page: FeaturePage) {
    return lazy(async () => {
        const [found] = await Promise.all([page.page(), loadWords([of.name, ...of.uses])]);
        return found;
    });
}

function waysOf(features: readonly Feature[]): Way[] {
    return features
        .flatMap((feature) => feature.pages.map((page) => ({ path: page.path, page: withWords(feature, page) })))
        .sort((a, b) => rank(b.path) - rank(a.path));
}

/* Whoever cannot see is told by where the focus is that another page is there. */
function useArrival(path: string) {
    const first = useRef(true);

    useEffect(() => {
        if (first.current) first.current = false;
        else document.getElementById("main")?.focus();
    }, [path]);
}

export function Pages({ features }: { features: readonly Feature[] }) {
    const [path] = useLocation();
    const ways = useMemo(() => waysOf(features), [features]);
    const before = useRef(path);

    if (before.current !== path) {
        before.current = path;
        forgetCalls();
    }
    useArrival(path);
    return (
        <Safe key={path}>
            <Suspense
                fallback={
                    <Center h="50dvh">
                        <Loader />
                    </Center>
                }
            >
                <Switch>
                    {ways.map((way) => (
                        <Route key={way.path} path={way.path} component={way.page} />
                    ))}
                    <Route component={NotFound} />
                </Switch>
            </Suspense>
        </Safe>
    );
}
